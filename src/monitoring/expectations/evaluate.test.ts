import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerFrom } from './answer.ts';
import { evaluate } from './evaluate.ts';
import type { Observed } from './observed.ts';
import { parseCondition } from './parse.ts';

const JSON_BODY = JSON.stringify({
  status: 'ok',
  pools: [{ free: 3 }, { free: 0 }],
  ready: true,
  note: null,
  version: '1.0',
  'a b': 1,
  errors: [],
  code: 503,
  slow: '2s',
  name: 'Ödön 👋',
  backup: { at: '2026-01-05T08:00:00+00:00', seconds: 1_767_600_000, ms: 1_767_600_000_000, day: '2026-01-05' },
});
const OBSERVED: Observed = {
  connected: true,
  status: 503,
  responseTimeMs: 912.4,
  certificateExpiresInMs: 13.5 * 86_400_000 + 1,
  body: JSON_BODY,
  ip: '127.0.0.1',
  dnsRcode: 'NOERROR',
  headers: { 'content-type': 'text/html', 'content-length': '512', 'last-modified': 'Mon, 05 Jan 2026 08:30:00 GMT' },
  domainExpiresInMs: 40 * 86_400_000,
  at: Date.parse('2026-01-05T09:00:00Z'),
};

const holding = [
  '[STATUS] == 503',
  '[STATUS] != 200',
  '[STATUS] > 502',
  '[STATUS] >= 503',
  '[STATUS] <= 503',
  '[STATUS] < 504',
  '[RESPONSE_TIME] < 1s',
  '[CERTIFICATE_EXPIRATION] > 13d',
  '[CONNECTED] == true',
  '[BODY].status == ok',
  '[BODY].status == "ok"',
  '[BODY].status != down',
  '[BODY].pools[0].free == 3',
  '[BODY].pools[0].free == 3.0',
  '[BODY].pools[1].free < 1',
  '[BODY].pools[1] == {"free":0}',
  '[BODY].ready == true',
  '[BODY].ready != "true"',
  '[BODY].note == null',
  '[BODY].version == 1.0',
  '[BODY]["a b"] >= 1',
  '200 < [STATUS]',
  'ok == [BODY].status',
  '[STATUS] == [BODY].code',
  '[RESPONSE_TIME] < [BODY].slow',
  '[IP] == 127.0.0.1',
  '[IP] == pat(127.*)',
  '[IP] != pat(10.*)',
  '[DNS_RCODE] == NOERROR',
  '[HEADERS]["Content-Type"] == text/html',
  '[HEADERS]["content-length"] < 1000',
  '[DOMAIN_EXPIRATION] > 30d',
  '[STATUS] == any(200, 503)',
  '[STATUS] != any(200, 204)',
  '[STATUS] == pat(5*)',
  '[BODY].status == any(pat(o*), down)',
  '[BODY].status == any([BODY].version, [BODY].status)',
  '[BODY] == pat(*"status":"ok"*)',
  'len([BODY].pools) == 2',
  'len([BODY].name) == 6',
  'len([BODY].pools[0]) == 10',
  'has([BODY].pools[1].free) == true',
  'has([BODY].nothing) == false',
  'has([BODY].constructor) == false',
  '[BODY].status != pat(ok*k)',
  'has([BODY].note) == false',
  'has([BODY].errors) == true',
  'has([HEADERS]["x-none"]) != true',
  'age([BODY].backup.at) == 1h',
  'age([BODY].backup.seconds) == 1h',
  'age([BODY].backup.ms) >= 1h',
  'age([BODY].backup.day) == 9h',
  'age([HEADERS]["last-modified"]) == 30m',
];

for (const text of holding) {
  test(`${text} holds`, () => assert.equal(failure(text), undefined));
}

const failing: Readonly<Record<string, string>> = {
  '[STATUS] == 200': '[STATUS] was 503, expected 200.',
  '[STATUS] != 503': '[STATUS] was 503, expected anything but 503.',
  '[STATUS] < 503': '[STATUS] was 503, expected < 503.',
  '[STATUS] > 503': '[STATUS] was 503, expected > 503.',
  '[RESPONSE_TIME] < 800ms': '[RESPONSE_TIME] was 912ms, expected < 800ms.',
  '[CERTIFICATE_EXPIRATION] > 14d': '[CERTIFICATE_EXPIRATION] was 13d12h, expected > 14d.',
  '[CONNECTED] == false': '[CONNECTED] was true, expected false.',
  '[BODY].status == down': '[BODY].status was "ok", expected "down".',
  '[BODY].pools[0].free > 3': '[BODY].pools[0].free was 3, expected > 3.',
  '[BODY].pools[0].free == "3"': '[BODY].pools[0].free was 3, expected "3".',
  '[BODY].status > 3': '[BODY].status was "ok", expected > 3.',
  '[BODY].missing != x': '[BODY].missing is missing, expected anything but "x".',
  '[BODY].pools[9].free == 1': '[BODY].pools[9].free is missing, expected "1".',
  '[BODY].constructor.name == Object': '[BODY].constructor.name is missing, expected "Object".',
  '200 == [STATUS]': '[STATUS] was 503, expected 200.',
  '[STATUS] == any(200, 204, 301)': '[STATUS] was 503, expected 200, 204 or 301.',
  '[STATUS] != any(503, 504)': '[STATUS] was 503, expected anything but 503 or 504.',
  '600 < [BODY].code': '[BODY].code was 503, expected > 600.',
  '[BODY].status == pat(down*)': '[BODY].status was "ok", expected something like "down*".',
  '[BODY].code == [BODY].version': '[BODY].code was 503, expected [BODY].version, which was "1.0".',
  '[BODY].code == [BODY].missing': '[BODY].missing is missing, so [BODY].code could not be compared with it.',
  '[HEADERS]["x-none"] == 1': '[HEADERS]["x-none"] is missing, expected "1".',
  'len([BODY].errors) > 0': 'len([BODY].errors) was 0, expected > 0.',
  'len([BODY].missing) == 0': 'len([BODY].missing) is missing, expected 0.',
  'has([BODY].errors) == false': 'has([BODY].errors) was true, expected false.',
  'age([BODY].backup.at) < 30m': 'age([BODY].backup.at) was 1h, expected < 30m.',
  'age([BODY].status) < 30m': 'age([BODY].status) is not known: it is not a time, expected < 30m.',
  '[DOMAIN_EXPIRATION] > 90d': '[DOMAIN_EXPIRATION] was 40d, expected > 90d.',
};

for (const [text, sentence] of Object.entries(failing)) {
  test(`${text} fails in plain words`, () => assert.equal(failure(text), sentence));
}

test('the whole body is compared without the space around it, and shown in part', () => {
  assert.equal(failure('[BODY] == ok', { connected: true, body: ' ok\n' }), undefined);
  assert.equal(failure('[BODY] > 41', { connected: true, body: '42\n' }), undefined);
  assert.equal(failure('[BODY] > 0', { connected: true, body: '' }), '[BODY] was "", expected > 0.');
  const shown = failure('[BODY] == ok', { connected: true, body: 'x'.repeat(500) });
  assert.equal(shown, `[BODY] was "${'x'.repeat(79)}…, expected "ok".`);
});

test('what could not be found out fails whatever is asked of it', () => {
  const unasked = ['[STATUS] != 200', '[RESPONSE_TIME] > 0s', '[CERTIFICATE_EXPIRATION] < 1d', '[BODY] != x'];
  for (const text of [...unasked, 'has([BODY].a) == false', '[IP] != 127.0.0.1']) {
    assert.match(failure(text, { connected: false }) ?? '', /is not known, expected /);
  }
});

test('a path into a body that is no JSON fails and says so', () => {
  assert.equal(
    failure('[BODY].status != down', { connected: true, body: '<html>' }),
    '[BODY].status is not there because the body is not JSON, expected anything but "down".',
  );
});

test('a certificate that has ended counts backwards', () => {
  const observed = { connected: true, certificateExpiresInMs: -2 * 86_400_000 };
  assert.equal(failure('[CERTIFICATE_EXPIRATION] > 0s', observed), '[CERTIFICATE_EXPIRATION] was -2d, expected > 0s.');
});

test('a registry that does not say when a domain ends fails nobody, and is shown to have said nothing', () => {
  const observed = { connected: true, domainExpiresInMs: null };

  assert.deepEqual(evaluated('[DOMAIN_EXPIRATION] > 30d', observed), {
    condition: '[DOMAIN_EXPIRATION] > 30d',
    holds: true,
    actual: null,
  });
});

test('a path into a body that was not read to its end says so', () => {
  const observed = { connected: true, body: '{"a": "xxx', isBodyCut: true };
  const cut = 'is not there because the body is longer than what was read of it';

  assert.equal(failure('[BODY].a == x', observed), `[BODY].a ${cut}, expected "x".`);
  assert.equal(failure('has([BODY].a) == false', observed), `has([BODY].a) ${cut}, expected false.`);
});

test('the length of the whole body is that of its list, or else of its text', () => {
  assert.equal(evaluated('len([BODY]) == 3', { connected: true, body: ' [1,2,3] ' }).holds, true);
  assert.equal(evaluated('len([BODY]) == 3', { connected: true, body: 'ok!\n' }).holds, true);
});

test('what is found is shown beside each condition, whether it holds or not', () => {
  assert.deepEqual(evaluated('[STATUS] == 200'), {
    condition: '[STATUS] == 200',
    holds: false,
    actual: '503',
    failure: '[STATUS] was 503, expected 200.',
  });
  assert.deepEqual(evaluated('[BODY].status == ok'), { condition: '[BODY].status == ok', holds: true, actual: '"ok"' });
  assert.equal(evaluated('[BODY].missing == ok').actual, null);
});

test('what an earlier step kept decides and is never shown', () => {
  const context = new Map<string, unknown>([
    ['token', 'hu"sh'],
    ['id', 42],
  ]);
  const body = JSON.stringify({ token: 'hu"sh', list: ['x hu"sh x', 42], other: 'o', long: `${'x'.repeat(77)}hu"sh` });
  const observed = { connected: true, body, context, headers: { location: '/a?t=hu%22sh' } };
  const texts = [
    '[BODY].token != [CONTEXT].token',
    '[BODY].token == x',
    '[BODY].list == x',
    '[BODY].long == x',
    '[BODY] == x',
    '[HEADERS].location == x',
    '[CONTEXT].token == x',
    '[CONTEXT].id == 7',
    'len([CONTEXT].token) == 9',
    '[BODY].other == any([CONTEXT].token, [CONTEXT].id)',
  ];

  assert.equal(evaluated('[BODY].token == [CONTEXT].token', observed).holds, true);
  assert.equal(evaluated('[BODY].list[1] == [CONTEXT].id', observed).holds, true);
  for (const text of texts) {
    const { holds, actual, failure: sentence } = evaluated(text, observed);

    assert.equal(holds, false);
    assert.doesNotMatch(`${actual} ${sentence}`, /hu\W+s?|42/);
  }
  assert.equal(
    failure(texts[0] ?? '', observed),
    '[BODY].token was "[CONTEXT].token", expected anything but [CONTEXT].token, which was (hidden).',
  );
});

test('of two kept values the one that contains the other leaves nothing behind', () => {
  const context = new Map([
    ['id', 'hush'],
    ['token', 'hush-and-more'],
  ]);

  assert.equal(
    failure('[BODY] == x', { connected: true, body: 'hush-and-more, hush', context }),
    '[BODY] was "[CONTEXT].token, [CONTEXT].id", expected "x".',
  );
});

test('a glob in a long text takes no time, however often it nearly fits', () => {
  const body = 'ab'.repeat(500_000);
  const startedAt = performance.now();

  assert.equal(evaluated(`[BODY] == pat(${'*ab'.repeat(100)}*c)`, { connected: true, body }).holds, false);
  assert.ok(performance.now() - startedAt < 1_000);
});

function failure(text: string, observed: Observed = OBSERVED): string | undefined {
  return evaluated(text, observed).failure;
}

function evaluated(text: string, observed: Observed = OBSERVED) {
  const reading = parseCondition(text);
  assert.ok('condition' in reading);
  return evaluate(reading.condition, answerFrom(observed));
}
