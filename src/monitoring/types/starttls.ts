import type { Duplex } from 'node:stream';
import * as z from 'zod';
import type { Secret } from '../../kernel/secret.ts';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { CERTIFICATE_KEYS, inspectedTarget, judgeServer } from '../protocols/certificates.ts';
import { printHostAndPort, serverAddressOf, serverUrl } from '../protocols/server-address.ts';
import type { StarttlsScheme } from '../protocols/starttls.ts';

/** Where each of them is to be found (IANA). */
const PORTS = {
  smtp: 587,
  imap: 143,
  pop3: 110,
  ftp: 21,
  ldap: 389,
  xmpp: 5222,
  postgres: 5432,
  mysql: 3306,
} as const satisfies Record<StarttlsScheme, number>;
const SCHEMES = ['smtp', 'imap', 'pop3', 'ftp', 'ldap', 'xmpp', 'postgres', 'mysql'] as const;

const StarttlsSettings = z.strictObject({
  starttls: serverUrl({ schemes: SCHEMES, example: 'smtp://mail.example:587' }).describe(
    'Server that begins in the clear: smtp, imap, pop3, ftp, ldap, xmpp, postgres or mysql, e.g. "smtp://mail.example:587".',
  ),
  ...CERTIFICATE_KEYS,
});
type StarttlsSettings = z.output<typeof StarttlsSettings>;

export const starttls = defineMonitor({
  type: 'starttls',
  summary: 'Has a server that begins in the clear change over to TLS, and judges its certificate as `tls` does.',
  example: 'mail: { starttls: "smtp://mail.example:587", expires_in: 14d }',
  testedAgainst:
    'OpenLDAP 2.5, PostgreSQL 15, MariaDB 10.11, smtp-server 3; RFC 3207, 2595, 4217, 6120 and 9051 by their bytes',
  settings: StarttlsSettings,
  target: ({ starttls: url }) => printHostAndPort(addressOf(url)),
  check,
});

async function check(settings: StarttlsSettings, io: ProbeIo): Promise<CheckResult> {
  const address = addressOf(settings.starttls);
  const { changeToTls } = await import('../protocols/starttls.ts');
  const beforeTls = (socket: Duplex) => changeToTls(socket, address.scheme, address.host);
  return judgeServer({ ...inspectedTarget(address, settings), beforeTls }, settings, io);
}

function addressOf(url: Secret) {
  const { scheme, ...address } = serverAddressOf(url, 0);
  const known = SCHEMES.find((each) => each === scheme) ?? 'smtp';
  return { ...address, scheme: known, port: address.port === 0 ? PORTS[known] : address.port };
}
