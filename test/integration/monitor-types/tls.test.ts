import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, test } from 'node:test';
import type { TlsOptions } from 'node:tls';
import { tls } from '../../../src/monitoring/types/tls.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { authority, type Certificate, selfSigned } from '../../support/servers/certificates.ts';
import { closedPort, pourWithoutEnd, serveTcp, serveTls } from '../../support/servers/misbehaving.ts';
import type { Ending } from '../../support/servers/server.ts';
import { tryType } from '../../support/type-trial.ts';

const DAY_MS = 86_400_000;
const issuer = authority({ after });
const good = issuer.issue();
const OLD = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' } as const;

tryType(tls, {
  up: (t) => shownBy(t, good),
  down: (t) => shownBy(t, issuer.issue({ days: -1 })),
  degraded: async (t) => ({ ...(await shownBy(t, good)), expires_in: '31d' }),
  silent: async (t) => ({ tls: `127.0.0.1:${await serveTcp(t, () => undefined)}` }),
  hostile: {
    'greets as a mail server does': async (t) => ({
      tls: `127.0.0.1:${await serveTcp(t, (socket) => socket.write('220 mail \u001b[31m\r\n'))}`,
    }),
    'says the same without end': async (t) => ({ tls: `127.0.0.1:${await serveTcp(t, pourWithoutEnd)}` }),
    'hangs up': async (t) => ({ tls: `127.0.0.1:${await serveTcp(t, (socket) => socket.destroy())}` }),
    'has a name that a terminal would obey': (t) => shownBy(t, issuer.issue({ names: 'DNS:a\u001b[31m.test' })),
  },
  rejected: 'A certificate is shown to anybody who asks for it.',
});

test('tls: what is measured is how long the first certificate of the chain lasts', async (t) => {
  const short = authority(t, { days: 10 });
  const target = await shownBy(t, short.issue({ days: 100 }), short.certificate);

  const result = await probe(tls, target);

  assert.equal(result?.state, 'degraded');
  assert.match(
    reasonOf(result),
    /^One of the certificates that 127\.0\.0\.1:\d+ sends along, "CN=evenkeel-certificate-\w+", ends in 9d23h, on \d{4}-\d\d-\d\d\.$/,
  );
  assert.ok(Math.abs((result?.readings?.['certificate'] ?? 0) - 10 * DAY_MS) < DAY_MS / 24);
  assert.equal((await probe(tls, { ...target, expires_in: '9d' }))?.state, 'up');
});

test('tls: what is wrong with a certificate is said in words', async (t) => {
  const reason = async (certificate: Certificate) => {
    const settings = await shownBy(t, certificate);
    return reasonOf(await probe(tls, settings)).replace(settings.tls, 'HERE');
  };

  assert.equal(await reason(issuer.issue({ days: -1 })), 'The certificate of HERE has expired.');
  assert.equal(await reason(selfSigned(t)), 'The certificate of HERE is signed by nobody but itself.');
  assert.equal(
    await reason(issuer.issue({ names: 'DNS:other.test,DNS:*.other.test' })),
    'The certificate of HERE is made out to another name: "other.test, *.other.test".',
  );
  const stranger = await shownBy(t, authority(t).issue());
  assert.match(reasonOf(await probe(tls, stranger)), /from an authority that is not trusted here|without those/);
});

test('tls: a server that only speaks what is too old is degraded, unless that is old enough', async (t) => {
  const target = await shownBy(t, good, issuer.certificate, OLD);

  const result = await probe(tls, target);

  assert.equal(result?.state, 'degraded');
  assert.equal(reasonOf(result), `${target.tls} speaks nothing newer than TLSv1.1, expected TLSv1.2 at least.`);
  assert.equal((await probe(tls, { ...target, protocol_min: 'TLSv1' }))?.state, 'up');
  const today = await shownBy(t, good, issuer.certificate, { maxVersion: 'TLSv1.2' });
  assert.equal((await probe(tls, today))?.state, 'up');
  assert.equal((await probe(tls, { ...today, protocol_min: 'TLSv1.3' }))?.state, 'degraded');
});

test('tls: the one certificate that is expected needs nobody to sign it, and no other will do', async (t) => {
  const own = selfSigned(t);
  const target = await shownBy(t, own);
  const colons = new X509Certificate(own.certificate).fingerprint256;

  assert.equal((await probe(tls, { ...target, fingerprint: colons }))?.state, 'up');
  assert.equal((await probe(tls, { ...target, fingerprint: colons.replaceAll(':', '').toLowerCase() }))?.state, 'up');
  const other = await probe(tls, { ...target, fingerprint: 'ab'.repeat(32) });
  assert.equal(
    reasonOf(other),
    `${target.tls} shows another certificate than the one expected: its fingerprint is ${colons.replaceAll(':', '').toLowerCase()}.`,
  );
  const over = selfSigned(t, { days: -1 });
  const ended = { ...(await shownBy(t, over)), fingerprint: new X509Certificate(over.certificate).fingerprint256 };
  assert.match(reasonOf(await probe(tls, ended)), /has expired/);
});

test('tls: another name than the host can be asked for', async (t) => {
  const target = await shownBy(t, issuer.issue({ names: 'DNS:shop.test' }));

  assert.equal((await probe(tls, { ...target, server_name: 'shop.test' }))?.state, 'up');
  assert.equal((await probe(tls, target))?.state, 'down');
});

test('tls: conditions see how long the certificate lasts', async (t) => {
  const target = await shownBy(t, good);
  const expect = ['[CERTIFICATE_EXPIRATION] > 20d', '[CONNECTED] == true', '[IP] == 127.0.0.1', '[RESPONSE_TIME] < 5s'];

  const fine = await probe(tls, { ...target, expect });
  const soon = await probe(tls, { ...target, expect: { degraded: ['[CERTIFICATE_EXPIRATION] > 60d'] } });
  const shut = await probe(tls, { tls: `127.0.0.1:${await closedPort()}`, expect: ['[CONNECTED] == false'] });

  assert.equal(fine?.state, 'up', JSON.stringify(fine));
  assert.equal(soon?.state, 'degraded');
  assert.equal(shut?.state, 'up');
});

async function shownBy(
  ending: Ending,
  { certificate, key }: Certificate,
  trusted = issuer.certificate,
  options: TlsOptions = {},
): Promise<{ readonly tls: string; readonly authority: string }> {
  const port = await serveTls(ending, { cert: certificate, key, ...options }, (socket) => socket.resume());
  return { tls: `127.0.0.1:${port}`, authority: trusted };
}
