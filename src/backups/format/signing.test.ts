import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Secret } from '../../kernel/secret.ts';
import { generateSigningKey, readSigningKey, signerPem, verifySignature } from './signing.ts';

const { pem, signer } = generateSigningKey();
const key = readSigningKey(pem);
const bytes = Buffer.from('{"format":"evenkeel-backup/1"}\n');
const signed = { bytes, signature: key.sign(bytes), signer };
const other = generateSigningKey();

describe('a signature', () => {
  test('by a key that is believed is believed', () => {
    verifySignature(signed, [other.signer, signer]);
  });

  test('of other bytes is refused, whichever bit is another', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(7), (index, bit) => {
        const changed = Buffer.from(bytes);
        changed[index] = (changed[index] ?? 0) ^ (1 << bit);
        assert.throws(() => verifySignature({ ...signed, bytes: changed }, [signer]), {
          code: 'BACKUP_SIGNATURE_INVALID',
        });
      }),
    );
  });

  test('that was changed itself is refused, whichever bit it was', () => {
    for (const index of signed.signature.keys()) {
      const signature = Buffer.from(signed.signature);
      signature[index] = (signature[index] ?? 0) ^ 1;
      assert.throws(() => verifySignature({ ...signed, signature }, [signer]), { code: 'BACKUP_SIGNATURE_INVALID' });
    }
  });

  for (const length of [0, 63, 65]) {
    test(`of ${length} bytes is refused`, () => {
      const signature = Buffer.concat([signed.signature, Buffer.alloc(1)]).subarray(0, length);
      assert.throws(() => verifySignature({ ...signed, signature }, [signer]), { code: 'BACKUP_SIGNATURE_INVALID' });
    });
  }

  test('by a stranger is refused and the stranger named', () => {
    const strangers = { bytes, signature: readSigningKey(other.pem).sign(bytes), signer: other.signer };
    assert.throws(() => verifySignature(strangers, [signer]), {
      code: 'BACKUP_SIGNER_UNKNOWN',
      message: `The backup is signed by ${other.signer}, which is none of the 1 keys that are believed.`,
    });
    assert.throws(() => verifySignature(strangers, []), { code: 'BACKUP_SIGNER_UNKNOWN' });
  });

  test('by a stranger who says to be us is refused', () => {
    const forged = { bytes, signature: readSigningKey(other.pem).sign(bytes), signer };
    assert.throws(() => verifySignature(forged, [signer]), { code: 'BACKUP_SIGNATURE_INVALID' });
  });

  test('by whatever is said to be a key is refused, and breaks nothing', () => {
    const anyKey = fc
      .uint8Array({ minLength: 32, maxLength: 32 })
      .map((x) => `ed25519:${Buffer.from(x).toString('base64')}`);
    fc.assert(
      fc.property(fc.oneof(fc.string(), anyKey), (said) => {
        assert.throws(() => verifySignature({ ...signed, signer: said }, [signer]), {
          code: 'BACKUP_SIGNATURE_INVALID',
        });
      }),
    );
  });

  test('is not looked at when a key that is to be believed is none', () => {
    for (const known of ['', 'ed25519:', 'ed25519:AAAA', signer.slice(0, -1), `${signer.slice(0, -2)}9=`, 'age1abc']) {
      assert.throws(() => verifySignature(signed, [signer, known]), { code: 'BACKUP_SIGNER_INVALID' }, known);
    }
  });
});

describe('a signing key', () => {
  test('has a public half of a fixed form', () => {
    assert.match(signer, /^ed25519:[A-Za-z0-9+/]{43}=$/);
    assert.match(signerPem(signer), /^-----BEGIN PUBLIC KEY-----\n[\w+/=]{60}\n-----END PUBLIC KEY-----\n$/);
  });

  test('that is none is refused by the name of its file, and nothing of it is shown', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });
    for (const text of ['', 'hunter2', signerPem(signer), rsa]) {
      assert.throws(
        () => readSigningKey(new Secret(text, '/keys/signing.pem')),
        (error: Error & { code: string }) => {
          assert.equal(error.code, 'BACKUP_SIGNING_KEY_INVALID');
          assert.equal(error.message, '/keys/signing.pem is not a private ed25519 key in PEM.');
          return error.cause === undefined;
        },
      );
    }
  });
});
