import * as z from 'zod';
import { defineMonitor } from '../monitor-type.ts';
import { CERTIFICATE_KEYS, inspectedTarget, judgeServer } from '../protocols/certificates.ts';
import { hostAndPort, printHostAndPort } from '../protocols/server-address.ts';

const PORT = 443;

const TlsSettings = z.strictObject({
  tls: hostAndPort({ defaultPort: PORT, example: 'a server such as shop.example or mail.example:993' }).describe(
    'Server to shake hands with, e.g. "mail.example:993". Default port 443.',
  ),
  ...CERTIFICATE_KEYS,
});

export const tls = defineMonitor({
  type: 'tls',
  summary: 'Shakes hands with a TLS server and judges its certificate, those it depends on, and its protocol.',
  example: 'certificate: { tls: "shop.example:443", expires_in: 14d }',
  testedAgainst: 'Node 26 servers, OpenSSL 3',
  settings: TlsSettings,
  target: ({ tls: target }) => printHostAndPort(target),
  check: (settings, io) => judgeServer(inspectedTarget(settings.tls, settings), settings, io),
});
