import assert from 'node:assert/strict';
import { test } from 'node:test';
import { json } from '../../../src/monitoring/types/json.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { pourWithoutEnd, serveHttp, serveTcp } from '../../support/servers/misbehaving.ts';
import { PLANTED, type Scene, tryType } from '../../support/type-trial.ts';

const answering = (answer: string, settings: object = {}): Scene => {
  return async (t) => {
    const port = await serveHttp(t, (_request, response) => response.end(answer));
    return { json: `http://127.0.0.1:${port}/`, path: 'queue.waiting', below: 100, ...settings };
  };
};

tryType(json, {
  up: answering('{"queue":{"waiting":99}}'),
  down: answering('{"queue":{"waiting":100}}'),
  degraded: answering('{"queue":{"waiting":1}}', { expect: { degraded: ['[RESPONSE_TIME] < 0ms'] } }),
  async silent(t) {
    return { json: `http://127.0.0.1:${await serveTcp(t, () => undefined)}/`, path: 'a', exists: false };
  },
  hostile: {
    async 'speaks another protocol'(t) {
      const port = await serveTcp(t, (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
      return { json: `http://127.0.0.1:${port}/`, path: 'a', exists: false };
    },
    async 'never ends'(t) {
      const port = await serveHttp(t, (_request, response) => {
        response.write('{"queue":"');
        pourWithoutEnd(response);
      });
      return { json: `http://127.0.0.1:${port}/`, path: 'queue', exists: true };
    },
    'nests without end': answering('['.repeat(900_000), { path: '[0][0]', exists: true, below: undefined }),
    'answers HTML': answering('<h1>Fine</h1>', { exists: false, below: undefined }),
    'answers something that a terminal would obey': answering('{"queue":{"waiting":"\\u001b[2J\\u0007"}}'),
  },
  async rejected(t) {
    const port = await serveHttp(t, (request, response) => {
      response.end(JSON.stringify({ queue: { waiting: `no ${request.headers.authorization} here` } }));
    });
    return {
      json: `http://127.0.0.1:${port}/?key=${PLANTED}`,
      path: 'queue.waiting',
      below: 1,
      auth: { bearer: PLANTED },
    };
  },
});

const BODY = {
  status: 'ok',
  count: 3,
  text: '12.5',
  flag: true,
  none: null,
  tags: ['a', 2, { deep: 1 }],
  'first name': 'Ada',
  long: 'x'.repeat(500),
};

const demands: readonly (readonly [object, string | null])[] = [
  [{ path: 'status', equals: 'ok' }, null],
  [{ path: '[BODY].status', equals: 'ok' }, null],
  [{ path: '["first name"]', equals: 'Ada' }, null],
  [{ path: 'tags[2].deep', equals: 1 }, null],
  [{ path: 'count', equals: '3' }, null],
  [{ path: 'flag', equals: true }, null],
  [{ path: 'none', equals: null }, null],
  [{ path: 'status', equals: 'down' }, '[BODY].status was "ok", expected "down".'],
  [{ path: 'count', equals: 4 }, '[BODY].count was 3, expected "4".'],
  [{ path: 'nothing.here', equals: 1 }, '[BODY].nothing.here is missing, expected "1".'],
  [{ path: 'long', equals: 'y' }, `[BODY].long was "${'x'.repeat(79)}…, expected "y".`],
  [{ path: 'tags', contains: 'a' }, null],
  [{ path: 'tags', contains: 2 }, null],
  [{ path: 'long', contains: 'xxx' }, null],
  [{ path: 'tags', contains: 'b' }, '[BODY].tags was ["a",2,{"deep":1}], expected something that contains "b".'],
  [{ path: 'count', contains: 3 }, '[BODY].count was 3, expected something that contains "3".'],
  [{ path: 'lost', contains: 'x' }, '[BODY].lost is missing, expected something that contains "x".'],
  [{ path: 'count', above: 2 }, null],
  [{ path: 'text', above: 12.4 }, null],
  [{ path: 'count', above: 3 }, '[BODY].count was 3, expected > 3.'],
  [{ path: 'count', below: -3.5 }, '[BODY].count was 3, expected < -3.5.'],
  [{ path: 'status', above: 1 }, '[BODY].status was "ok", expected > 1.'],
  [{ path: 'status', exists: true }, null],
  [{ path: 'none', exists: false }, null],
  [{ path: 'constructor', exists: false }, null],
  [{ path: 'lost', exists: true }, 'has([BODY].lost) was false, expected true.'],
  [{ path: 'status', exists: false }, 'has([BODY].status) was true, expected false.'],
];

test('json: the value is compared as demanded, and what was found is told', async (t) => {
  const port = await serveHttp(t, (_request, response) => response.end(JSON.stringify(BODY)));
  const where = `127.0.0.1:${port}/stats`;

  for (const [demand, complaint] of demands) {
    const result = await probe(json, { json: `http://${where}?k=hush`, ...demand });

    if (complaint === null) assert.equal(result?.state, 'up', JSON.stringify([demand, result]));
    else assert.equal(reasonOf(result), `${where}: ${complaint}`);
    assert.equal(result?.conditions?.length, 1);
    assert.equal(result?.conditions?.[0]?.holds, complaint === null);
  }
});

test('json: a number can be watched for its course, whatever it is compared with', async (t) => {
  const port = await serveHttp(t, (_request, response) => response.end(JSON.stringify(BODY)));
  const ask = (demand: object) => probe(json, { json: `http://127.0.0.1:${port}/`, ...demand });

  assert.deepEqual((await ask({ path: 'count', below: 1 }))?.readings, { value: 3 });
  assert.deepEqual((await ask({ path: 'count', exists: true }))?.readings, { value: 3 });
  assert.equal((await ask({ path: 'text', above: 1 }))?.readings, undefined);
});

test('json: a bad status and unmet expectations come first, and what is not JSON is told as that', async (t) => {
  let status = 500;
  let body = '{"a":1}';
  const port = await serveHttp(t, (_request, response) => response.writeHead(status).end(body));
  const settings = { json: `http://127.0.0.1:${port}/`, path: 'a', equals: 1 };

  assert.match(reasonOf(await probe(json, settings)), /answered 500, expected 2xx\.$/);
  assert.equal((await probe(json, { ...settings, expect: ['[STATUS] == 500'] }))?.state, 'up');
  status = 200;
  const unmet = await probe(json, { ...settings, expect: ['[BODY].a == 2'] });
  assert.match(reasonOf(unmet), /: \[BODY\]\.a was 1, expected "2"\.$/);
  body = 'hush';
  assert.match(reasonOf(await probe(json, settings)), /answered 200 with something that is not JSON\.$/);
});
