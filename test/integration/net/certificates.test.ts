import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { send, text, withCode } from '../../support/requests.ts';
import { selfSigned } from '../../support/servers/certificates.ts';
import { serveHttps } from '../../support/servers/misbehaving.ts';

test('a certificate nobody vouches for is refused, unless it is asked not to look', async (t) => {
  const certificate = selfSigned(t, { days: 9 });
  const port = await serveHttps(t, certificate, (_request, response) => response.end('secret'));
  const url = `https://127.0.0.1:${port}/`;

  await assert.rejects(send({ url }), withCode('DEPTH_ZERO_SELF_SIGNED_CERT'));
  const response = await send({ url, verifyTls: false });

  assert.equal(text(response.body), 'secret');
  assert.ok(response.timings.tlsMs > 0);
  const daysLeft = ((response.certificateExpiresAt ?? 0) - Date.now()) / 86_400_000;
  assert.ok(daysLeft > 8.9 && daysLeft <= 9, `${daysLeft} days left`);
});

test('a certificate must be in date and made out to this host', async (t) => {
  const good = selfSigned(t);
  const expired = selfSigned(t, { days: -1 });
  const foreign = selfSigned(t, { names: 'DNS:other.example' });
  trust(t, [good.certificate, expired.certificate, foreign.certificate]);
  const serve = (certificate: typeof good) => serveHttps(t, certificate, (_request, response) => response.end());

  const response = await send({ url: `https://127.0.0.1:${await serve(good)}/` });

  assert.equal(response.status, 200);
  await assert.rejects(send({ url: `https://127.0.0.1:${await serve(expired)}/` }), withCode('CERT_HAS_EXPIRED'));
  const expected = withCode('ERR_TLS_CERT_ALTNAME_INVALID');
  await assert.rejects(send({ url: `https://127.0.0.1:${await serve(foreign)}/` }), expected);
});

function trust(t: { after(end: () => void): void }, certificates: readonly string[]): void {
  setDefaultCACertificates(certificates);
  t.after(() => setDefaultCACertificates(getCACertificates('bundled')));
}
