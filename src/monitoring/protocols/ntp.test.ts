import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeNtpAnswer, encodeNtpQuestion, isNtpAnswerTo, offsetOf } from './ntp.ts';

const NONCE = Buffer.from('0102030405060708', 'hex');
const NOW = Date.parse('2026-07-01T12:00:00.250Z');

/** A datagram as a server of stratum 2 sends it (RFC 5905, figure 8). */
function answer(seconds: number, fraction = 0): Buffer {
  const bytes = Buffer.alloc(48);
  bytes.writeUInt8(0x24, 0);
  bytes.writeUInt8(2, 1);
  NONCE.copy(bytes, 24);
  for (const at of [32, 40]) {
    bytes.writeUInt32BE(seconds, at);
    bytes.writeUInt32BE(fraction, at + 4);
  }
  return bytes;
}

test('a question says that it is one, and nothing of our time', () => {
  assert.equal(encodeNtpQuestion(NONCE).toString('hex'), `23${'00'.repeat(39)}${NONCE.toString('hex')}`);
});

test('a time is read as the one that its server means, also after 2036', () => {
  // So many seconds from 1900 is 2026-07-01; half of 2^32 is half a second.
  assert.equal(decodeNtpAnswer(answer(3_991_852_800, 2 ** 31), NOW).sentAt, Date.parse('2026-07-01T00:00:00.500Z'));
  const later = Date.parse('2036-02-07T06:30:00Z');
  assert.equal(decodeNtpAnswer(answer(0), later).receivedAt, Date.parse('2036-02-07T06:28:16Z'));
});

test('the offset is how far the other clock is ahead, whatever the way takes', () => {
  const said = { leap: 0, stratum: 2, code: '', receivedAt: 1_120, sentAt: 1_130 };

  assert.equal(offsetOf(said, 1_000, 1_050), 100);
});

test('only the answer to this very question is taken, and any that is taken can be read', () => {
  assert.equal(isNtpAnswerTo(NONCE, answer(1)), true);
  assert.equal(isNtpAnswerTo(Buffer.alloc(8), answer(1)), false);
  assert.equal(isNtpAnswerTo(NONCE, encodeNtpQuestion(NONCE)), false);
  assert.equal(isNtpAnswerTo(NONCE, answer(1).subarray(0, 47)), false);
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 48, maxLength: 60 }), (bytes) => {
      bytes[0] = 0x24;
      bytes.set(NONCE, 24);
      assert.equal(isNtpAnswerTo(NONCE, bytes), true);
      const { sentAt, code } = decodeNtpAnswer(bytes, NOW);
      assert.ok(Math.abs(sentAt - NOW) <= 2 ** 31 * 1_000 + 1_000);
      assert.match(code, /^[A-Z]{0,4}$/);
    }),
  );
});
