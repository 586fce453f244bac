import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ldap } from '../../../src/monitoring/types/ldap.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { selfSigned } from '../../support/servers/certificates.ts';
import { closedPort, pourWithoutEnd, serveTcp } from '../../support/servers/misbehaving.ts';
import type { Ending } from '../../support/servers/server.ts';
import { ADMIN, SUFFIX, startSlapd } from '../../support/servers/slapd.ts';
import { PLANTED, tryType } from '../../support/type-trial.ts';

const server = await startSlapd({ after }, { password: 'right', tls: selfSigned({ after }).files });
const url = `ldap://127.0.0.1:${server.port}`;
const where = `127.0.0.1:${server.port}`;
const login = { user: ADMIN, password: 'right' };

tryType(ldap, {
  up: async () => ({ ldap: url, ...login, base: SUFFIX }),
  down: async () => ({ ldap: `ldap://127.0.0.1:${await closedPort()}` }),
  degraded: async () => ({ ldap: url, expect: { degraded: ['[RESPONSE_TIME] < 0ms'] } }),
  silent: async (t) => ({ ldap: `ldap://127.0.0.1:${await serveTcp(t, () => undefined)}` }),
  hostile: {
    'speaks HTTP': (t) => saying(t, 'HTTP/1.1 400 Bad \u001b[31mRequest\r\n\r\n'),
    'announces 4 GB': (t) => saying(t, '\u0030\u0084\u00ff\u00ff\u00ff\u00ff'),
    'hangs up': (t) => saying(t, ''),
    'answers what nobody asked': (t) =>
      saying(t, '\u0030\u000c\u0002\u0001\u0009\u0061\u0007\u000a\u0001\u0000\u0004\u0000\u0004\u0000'),
    'sends half an answer': (t) => saying(t, '\u0030\u000c\u0002\u0001\u0001\u0061'),
    'never ends': async (t) => ({ ldap: `ldap://127.0.0.1:${await serveTcp(t, pourWithoutEnd)}` }),
  },
  rejected: async () => ({ ldap: url, user: ADMIN, password: PLANTED }),
});

test('ldap: wrong credentials are told by the name they are for', async () => {
  const wrong = await probe(ldap, { ldap: url, user: ADMIN, password: 'hush' });

  assert.equal(reasonOf(wrong), `The password for ${ADMIN} was rejected.`);
});

test('ldap: nobody in particular may log in, unless the server is closed to them', async (t) => {
  const closed = await startSlapd(t, { password: 'right', configuration: ['disallow bind_anon'] });
  const closedUrl = `ldap://127.0.0.1:${closed.port}`;

  assert.equal((await probe(ldap, { ldap: url }))?.state, 'up');
  assert.equal(
    reasonOf(await probe(ldap, { ldap: closedUrl })),
    `127.0.0.1:${closed.port} lets nobody in without a name.`,
  );
  assert.equal((await probe(ldap, { ldap: closedUrl, ...login }))?.state, 'up');
});

test('ldap: an entry that is not there is down', async () => {
  const base = `ou=gone,${SUFFIX}`;

  assert.equal(
    reasonOf(await probe(ldap, { ldap: url, ...login, base })),
    `There is no entry ${base} on ${where} that ${ADMIN} may see.`,
  );
  assert.equal(
    reasonOf(await probe(ldap, { ldap: url, base: 'dc=elsewhere' })),
    `There is no entry dc=elsewhere on ${where} that somebody without a name may see.`,
  );
});

test('ldap: over TLS, from the start or changed over to, the certificate counts', async () => {
  const fromTheStart = { ldap: `ldaps://127.0.0.1:${server.tlsPort}`, ...login };
  const changed = { ldap: url, upgrade: true, ...login };

  for (const settings of [fromTheStart, changed]) {
    assert.equal((await probe(ldap, { ...settings, verify_tls: false }))?.state, 'up', JSON.stringify(settings));
    assert.match(reasonOf(await probe(ldap, settings)), /is signed by nobody but itself\.$/);
  }
});

test('ldap: a server that wants TLS first, or has none, is told', async (t) => {
  const strict = await startSlapd(t, { password: 'right', configuration: ['security tls=1'] });
  const strictUrl = `ldap://127.0.0.1:${strict.port}`;

  assert.equal(
    reasonOf(await probe(ldap, { ldap: strictUrl, ...login })),
    `127.0.0.1:${strict.port} wants TLS first; use ldaps: or upgrade: true.`,
  );
  assert.equal(
    reasonOf(await probe(ldap, { ldap: strictUrl, upgrade: true })),
    `127.0.0.1:${strict.port} offers no TLS on this port.`,
  );
});

test('ldap: a closed port can be what is expected', async () => {
  const closed = { ldap: `ldap://127.0.0.1:${await closedPort()}`, expect: ['[CONNECTED] == false'] };

  assert.equal((await probe(ldap, closed))?.state, 'up');
});

test('ldap: a user without a password, or a password without a user, is not accepted', () => {
  assert.equal(ldap.settings.safeParse({ ldap: url, user: ADMIN }).success, false);
  assert.equal(ldap.settings.safeParse({ ldap: url, password: 'right' }).success, false);
});

test('ldap: a shutdown in the middle of a check is no downtime', async (t) => {
  const stopping = new AbortController();
  const port = await serveTcp(t, () => stopping.abort(new Error('stopping')));

  await assert.rejects(probe(ldap, { ldap: `ldap://127.0.0.1:${port}` }, { signal: stopping.signal }), /stopping/);
});

async function saying(ending: Ending, words: string) {
  const port = await serveTcp(ending, (socket) => socket.end(words, 'latin1'));
  return { ldap: `ldap://127.0.0.1:${port}`, user: ADMIN, password: PLANTED };
}
