import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { dns } from '../../../src/monitoring/types/dns.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { startSignedZone } from '../../support/servers/signed-zone.ts';

const { authority, resolver, deceived } = await startSignedZone({ after });

test('dns: an answer that the resolver verified, or that came signed from the one that knows, is up', async () => {
  for (const server of [resolver, authority]) {
    const result = await probe(dns, { dns: 'shop.test', server, dnssec: true, expect: ['[BODY] == "192.0.2.1"'] });

    assert.equal(result?.state, 'up', JSON.stringify({ server, result }));
  }
});

test('dns: an answer that nobody signed is degraded where proof is wanted', async () => {
  const plain = { dns: 'plain.test', server: resolver };

  const result = await probe(dns, { ...plain, dnssec: true });

  assert.equal(result?.state, 'degraded');
  assert.equal(reasonOf(result), `The answer of ${resolver} for plain.test is not proven by DNSSEC.`);
  assert.equal((await probe(dns, plain))?.state, 'up');
});

test('dns: a zone whose signatures are wrong is down', async () => {
  const result = await probe(dns, { dns: 'shop.test', server: deceived, dnssec: true });

  assert.equal(reasonOf(result), `${deceived} answered SERVFAIL for shop.test.`);
});
