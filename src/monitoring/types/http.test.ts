import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeIo } from '../../../test/support/probe-io.ts';
import type { HttpRequest, HttpResponse } from '../../kernel/net.ts';
import { http } from './http.ts';

const URL_WITH_SECRET = 'http://shop.example/health?token=hush';

test('http: where no condition asks for the body, it is neither read far nor looked at', async () => {
  const response = answering('{}');
  const unread = Object.defineProperty({ ...response }, 'body', {
    get: () => assert.fail('Nobody asked for the body.'),
  });

  for (const expect of [undefined, ['[STATUS] == 200', 'has([HEADERS]["x"]) == false']]) {
    const { result, asked } = await check({ ...(expect && { expect }) }, unread);

    assert.equal(result?.state, 'up');
    assert.equal(asked.bodyBytesMax, 64 * 1024);
  }
});

test('http: the body is parsed once, however many conditions look into it', async (t) => {
  const parse = t.mock.method(JSON, 'parse');
  const body = '{"status":"ok","list":[1,2]}';

  const { result, asked } = await check(
    {
      expect: {
        down: ['[BODY].status == ok', 'has([BODY].errors) == false', '[BODY].list[0] == [BODY].list[0]'],
        degraded: ['len([BODY].list) == 2', 'len([BODY]) > 3', '[BODY].status == any(ok, [BODY].list[1])'],
      },
    },
    answering(body),
  );

  assert.equal(result?.state, 'up');
  assert.equal(asked.bodyBytesMax, 1024 * 1024);
  assert.equal(parse.mock.calls.filter((call) => call.arguments[0] === body).length, 1);
});

test('http: an address is taken apart once, not with every check', async (t) => {
  const prepared = http.prepare(http.settings.parse({ http: URL_WITH_SECRET }));
  const io = fakeIo();
  const send = async () => answering('{}');
  const ask = () => prepared({ ...io, net: { ...io.net, http: { send } } });
  await ask();
  const taken = t.mock.method(globalThis, 'URL');

  await ask();

  assert.equal(taken.mock.callCount(), 0);
});

async function check(settings: object, response: HttpResponse) {
  const asked: HttpRequest[] = [];
  const io = fakeIo();
  const send = async (request: HttpRequest) => {
    asked.push(request);
    return response;
  };
  const prepared = http.prepare(http.settings.parse({ http: URL_WITH_SECRET, ...settings }));
  const result = await prepared({ ...io, net: { ...io.net, http: { send } } });
  const [first] = asked;
  assert.ok(first !== undefined);
  return { result, asked: first };
}

function answering(body: string): HttpResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(body),
    isTruncated: false,
    address: '192.0.2.1',
    timings: { dnsMs: 0, connectMs: 1, tlsMs: 0, firstByteMs: 1, transferMs: 1, totalMs: 3 },
  };
}
