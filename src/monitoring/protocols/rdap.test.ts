import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../test/support/fake-clock.ts';
import { fakeIo } from '../../../test/support/probe-io.ts';
import { DAY_MS, MINUTE_MS } from '../../kernel/clock.ts';
import type { HttpRequest, HttpResponse } from '../../kernel/net.ts';
import { domainExpiresAt } from './rdap.ts';
import { registrableDomain } from './rdap-domain.ts';

const QUESTION = { server: 'https://rdap.example', domain: 'shop.example' };
const ENDS = '2027-03-01T00:00:00Z';

const domains: readonly (readonly [string, string | undefined])[] = [
  ['shop.example', 'shop.example'],
  ['WWW.Status.Shop.example.', 'shop.example'],
  ['www.shop.co.uk', 'shop.co.uk'],
  ['shop.com.au', 'shop.com.au'],
  ['co.uk', undefined],
  ['www.com.example', 'com.example'],
  ['www.xn--grn-1na.de', 'xn--grn-1na.de'],
  ['localhost', undefined],
  ['127.0.0.1', undefined],
  ['[::1]', undefined],
  ['::ffff:1.2.3.4', undefined],
];

for (const [host, domain] of domains) {
  test(`who pays for ${host} pays for ${domain ?? 'no domain'}`, () => assert.equal(registrableDomain(host), domain));
}

test('a registry is asked once a day, however many want to know', async () => {
  const { io, clock, asked } = registry(() => answer([{ eventAction: 'expiration', eventDate: ENDS }]));

  const both = await Promise.all([domainExpiresAt(QUESTION, io), domainExpiresAt(QUESTION, io)]);
  await clock.advance(DAY_MS - 1);
  await domainExpiresAt(QUESTION, io);
  assert.equal(asked.length, 1);
  await clock.advance(1);
  await domainExpiresAt(QUESTION, io);

  assert.deepEqual(both, [Date.parse(ENDS), Date.parse(ENDS)]);
  assert.deepEqual(
    asked.map(({ url }) => url),
    ['https://rdap.example/domain/shop.example', 'https://rdap.example/domain/shop.example'],
  );
});

test('a registry that fails is left in peace for a while, and what it said before still counts', async () => {
  let isDown = false;
  const { io, clock, asked } = registry(() => {
    if (isDown) throw new Error('connect ECONNREFUSED');
    return answer([{ eventAction: 'registration' }, { eventAction: 'expiration', eventDate: ENDS }]);
  });

  await domainExpiresAt(QUESTION, io);
  isDown = true;
  await clock.advance(DAY_MS);

  assert.equal(await domainExpiresAt(QUESTION, io), Date.parse(ENDS));
  await clock.advance(9 * MINUTE_MS);
  await domainExpiresAt(QUESTION, io);
  assert.equal(asked.length, 2);
  await clock.advance(MINUTE_MS);
  await domainExpiresAt(QUESTION, io);
  assert.equal(asked.length, 3);
});

const useless: Readonly<Record<string, HttpResponse>> = {
  'has never heard of the domain': { ...answer([{ eventAction: 'expiration', eventDate: ENDS }]), status: 404 },
  'names no end': answer([{ eventAction: 'registration', eventDate: ENDS }]),
  'names an end that is no time': answer([{ eventAction: 'expiration', eventDate: 'soon' }]),
  'lists nothing': answer('none'),
  'is no registry': { ...answer([]), body: Buffer.from('<html>') },
};

for (const [name, response] of Object.entries(useless)) {
  test(`of a registry that ${name} nothing is learned`, async () => {
    assert.equal(await domainExpiresAt(QUESTION, registry(() => response).io), null);
  });
}

test('a registry that does not answer is not waited for, beyond its patience or the end of the check', async () => {
  const ending = new AbortController();
  const { io, clock } = registry(({ signal }) => {
    const { promise, reject } = Promise.withResolvers<HttpResponse>();
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    return promise;
  });

  const patient = domainExpiresAt(QUESTION, io);
  const hasty = domainExpiresAt(QUESTION, { ...io, signal: ending.signal });
  ending.abort();
  assert.equal(await hasty, null);
  await clock.advance(5_000);

  assert.equal(await patient, null);
});

test('a check that ends early has asked nobody: the next one asks', async () => {
  const ending = new AbortController();
  const { io, asked } = registry(({ signal }) => {
    if (asked.length > 1) return answer([{ eventAction: 'expiration', eventDate: ENDS }]);
    const { promise, reject } = Promise.withResolvers<HttpResponse>();
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    return promise;
  });

  const cutShort = domainExpiresAt(QUESTION, { ...io, signal: ending.signal });
  ending.abort();

  assert.equal(await cutShort, null);
  assert.equal(await domainExpiresAt(QUESTION, io), Date.parse(ENDS));
});

function registry(send: (request: HttpRequest) => HttpResponse | Promise<HttpResponse>) {
  const clock = new FakeClock();
  const asked: HttpRequest[] = [];
  const io = fakeIo({ clock });
  const http = {
    send: async (request: HttpRequest) => {
      asked.push(request);
      return send(request);
    },
  };
  return { io: { ...io, net: { ...io.net, http } }, clock, asked };
}

function answer(events: unknown): HttpResponse {
  return {
    status: 200,
    headers: {},
    body: Buffer.from(JSON.stringify({ objectClassName: 'domain', events })),
    isTruncated: false,
    address: '192.0.2.1',
    timings: { dnsMs: 0, connectMs: 0, tlsMs: 0, firstByteMs: 0, transferMs: 0, totalMs: 0 },
  };
}
