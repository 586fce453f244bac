import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Complaint } from './conversation.ts';
import { prepared, scramClient } from './scram.ts';

// The examples of RFC 5802, section 5, and RFC 7677, section 3.
const EXAMPLES = [
  {
    asker: { hash: 'sha1', user: 'user', password: 'pencil', nonce: 'fyko+d2lbbFgONRv9qkxdawL' },
    serverFirst: 'r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096',
    final: 'c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=',
    serverFinal: 'v=rmF9pqV8S7suAoZWja4dJRkFsKQ=',
  },
  {
    asker: { hash: 'sha256', user: 'user', password: 'pencil', nonce: 'rOprNGfwEbeRWgbNEkqO' },
    serverFirst: 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
    final: 'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
    serverFinal: 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
  },
] as const;

for (const { asker, serverFirst, final, serverFinal } of EXAMPLES) {
  test(`a login goes as its description says (${asker.hash})`, async () => {
    const client = scramClient(asker);

    assert.equal(client.first, `n,,n=user,r=${asker.nonce}`);
    assert.equal(client.isProved(serverFinal), false);
    assert.equal(await client.prove(serverFirst), final);
    assert.equal(client.isProved(serverFinal), true);
    assert.equal(client.isProved(`v=${Buffer.alloc(20).toString('base64')}`), false);
  });
}

test('a server that says anything else is refused, and never keeps us busy', async () => {
  const client = scramClient(EXAMPLES[0].asker);
  const both = 'r=fyko+d2lbbFgONRv9qkxdawL3';
  for (const said of [
    '',
    `${both},s=QSXC,i=1`,
    `${both},s=QSXC,i=9999999`,
    'r=other,s=QSXC,i=4096',
    `${both},i=4096`,
  ]) {
    await assert.rejects(client.prove(said), Complaint);
  }
  await fc.assert(fc.asyncProperty(fc.string(), (said) => assert.rejects(client.prove(said), Complaint)));
});

test('a name may hold what separates the parts', () => {
  assert.equal(scramClient({ ...EXAMPLES[0].asker, user: 'a=b,c' }).first.split('r=')[0], 'n,,n=a=3Db=2Cc,');
});

test('a password is the same however it is written [RFC 4013]', () => {
  assert.equal(prepared('I\u00adX'), 'IX');
  assert.equal(prepared('\u00aa'), 'a');
  assert.equal(prepared('\u2168'), 'IX');
  assert.equal(prepared('a\u00a0b'), 'a b');
});
