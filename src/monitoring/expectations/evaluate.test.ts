import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureOf, type Observed } from './evaluate.ts';
import { parseCondition } from './parse.ts';

const JSON_BODY = '{"status":"ok","pools":[{"free":3},{"free":0}],"ready":true,"note":null,"version":"1.0","a b":1}';
const OBSERVED: Observed = {
  connected: true,
  status: 503,
  responseTimeMs: 912.4,
  certificateExpiresInMs: 13.5 * 86_400_000 + 1,
  body: JSON_BODY,
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
  for (const text of ['[STATUS] != 200', '[RESPONSE_TIME] > 0s', '[CERTIFICATE_EXPIRATION] < 1d', '[BODY] != x']) {
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

function failure(text: string, observed: Observed = OBSERVED): string | undefined {
  const reading = parseCondition(text);
  assert.ok('condition' in reading);
  return failureOf(reading.condition, observed);
}
