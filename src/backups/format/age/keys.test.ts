import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import { Secret } from '../../../kernel/secret.ts';
import { generateIdentity, identityFile, readIdentities, recipientOf } from './keys.ts';

const one = await generateIdentity();
const two = await generateIdentity();
const revealed = (found: Awaited<ReturnType<typeof readIdentities>>) => found.map(({ identity }) => identity.reveal());
const read = (text: string) => readIdentities(new Secret(text, '/keys/platform.agekey'));

describe('an identity', () => {
  test('is made anew each time, with the public key that belongs to it', async () => {
    assert.match(one.identity.reveal(), /^AGE-SECRET-KEY-1[0-9A-Z]{58}$/);
    assert.match(one.recipient, /^age1[0-9a-z]{58}$/);
    assert.notEqual(one.identity.reveal(), two.identity.reveal());
    assert.equal(await recipientOf(one.identity), one.recipient);
  });

  test('does not show itself', () => assert.doesNotMatch(inspect(one), /SECRET-KEY/));
});

describe('a file of identities', () => {
  test('is written as age-keygen writes it', () => {
    const lines = identityFile(one, Date.parse('2026-11-20T19:04:12.120Z')).split('\n');
    assert.deepEqual(lines, [
      '# created: 2026-11-20T19:04:12Z',
      `# public key: ${one.recipient}`,
      one.identity.reveal(),
      '',
    ]);
  });

  test('may hold several, with comments and empty lines', async () => {
    const found = await read(`# mine\r\n\r\n  ${one.identity.reveal()}\r\n# old\n${two.identity.reveal()}`);
    assert.deepEqual(revealed(found), [one.identity.reveal(), two.identity.reveal()]);
    assert.deepEqual(
      found.map(({ recipient }) => recipient),
      [one.recipient, two.recipient],
    );
  });

  const misspelt = `${one.identity.reveal().slice(0, -1)}${one.identity.reveal().endsWith('Q') ? 'P' : 'Q'}`;
  for (const [what, text, problem] of [
    ['nothing', '', 'there is no key in it'],
    ['comments only', '# public key: age1\n', 'there is no key in it'],
    ['a misspelt key', `# mine\n${misspelt}\n`, 'line 2 is misspelt: its check sum is wrong'],
    ['half a key', 'AGE-SECRET-KEY-1', 'line 1 is misspelt: its check sum is wrong'],
    ['a key in small letters', one.identity.reveal().toLowerCase(), 'line 1 is no key of age'],
    ['a public key', two.recipient, 'line 1 is a public key, which only encrypts'],
    ['a post-quantum key', 'AGE-SECRET-KEY-PQ-1ABC', 'line 1 is a post-quantum key, which this version does not read'],
    [
      'a key of a plug-in',
      'AGE-PLUGIN-YUBIKEY-1ABC',
      'line 1 is a key of a plug-in, which only the program age can use',
    ],
    [
      'a key behind a passphrase',
      'age-encryption.org/v1',
      'line 1 is encrypted itself: decrypt the file with `age -d` first',
    ],
    ['a key in PEM', '-----BEGIN PRIVATE KEY-----', 'line 1 is a key in PEM, not one of age'],
    ['something else', 'hunter2', 'line 1 is no key of age'],
  ] as const) {
    test(`with ${what} is refused, and shows nothing of it`, async () => {
      await assert.rejects(read(text), (error: Error & { code: string }) => {
        assert.equal(error.code, 'BACKUP_IDENTITY_INVALID');
        assert.equal(error.message, `/keys/platform.agekey is not a file with private age keys: ${problem}.`);
        assert.doesNotMatch(inspect(error), /hunter2|SECRET-KEY-1[A-Z\d]/);
        return true;
      });
    });
  }
});
