import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret } from '../../kernel/secret.ts';
import { signatureOf, signingSecret } from './signature.ts';

/** The vector that the reference libraries of Standard Webhooks are tested with. */
const VECTOR = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  signed: { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1_614_265_330, body: '{"test": 2432232314}' },
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};

test('a request is signed as the reference libraries sign it', () => {
  assert.equal(signatureOf(VECTOR.signed, [new Secret(VECTOR.secret)]), VECTOR.signature);
});

test('each key makes a signature of its own, one space apart', () => {
  const other = `whsec_${Buffer.alloc(64, 1).toString('base64')}`;

  const [first, second, ...rest] = signatureOf(VECTOR.signed, [new Secret(VECTOR.secret), new Secret(other)]).split(
    ' ',
  );

  assert.equal(first, VECTOR.signature);
  assert.equal(second, signatureOf(VECTOR.signed, [new Secret(other)]));
  assert.deepEqual(rest, []);
});

for (const [bytes, isTaken] of [
  [23, false],
  [24, true],
  [64, true],
  [65, false],
] as const) {
  test(`a key of ${bytes} bytes is ${isTaken ? 'taken' : 'refused'}`, () => {
    const text = `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`;

    assert.equal(signingSecret().safeParse(text).success, isTaken);
  });
}

test('a key that is not base64 to the last character is refused, and its error does not show it', () => {
  const [good] = [`whsec_${Buffer.alloc(32, 7).toString('base64')}`];
  const wrong = [
    good.replace('whsec_', ''),
    good.replace('whsec_', 'WHSEC_'),
    good.replace('=', ''),
    `${good}=`,
    `${good} `,
    good.replace('Bw', 'B-'),
    `whsec_${'hush'.repeat(8)}!`,
    `whsec_ ${'hush'.repeat(8)}`,
    // The last two characters hold bits that no byte has.
    `whsec_${'A'.repeat(42)}B=`,
    'whsec_',
    '',
  ];
  for (const text of wrong) {
    const parsed = signingSecret().safeParse(text);
    assert.equal(parsed.success, false, text);
    assert.match(parsed.error?.message ?? '', /A signing secret is whsec_ and after it 24 to 64 bytes in base64/);
    assert.doesNotMatch(parsed.error?.message ?? '', /hush/);
  }
});
