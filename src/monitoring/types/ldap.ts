import type { Duplex } from 'node:stream';
import * as z from 'zod';
import type { Target } from '../../kernel/net.ts';
import { secretText } from '../../kernel/secret-text.ts';
import { expectations } from '../expectations/expectations.ts';
import { unreached, withExpectations } from '../expectations/verdict.ts';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { downBecause } from '../protocols/failure.ts';
import { printHostAndPort, type ServerAddress, serverAddressOf, serverUrl } from '../protocols/server-address.ts';

const PORTS: Readonly<Record<string, number>> = { ldap: 389, ldaps: 636 };
const NAME_CHARS_MAX = 1_000;

const LdapSettings = z
  .strictObject({
    ldap: serverUrl({ schemes: ['ldap', 'ldaps'], example: 'ldaps://directory.example' }).describe(
      'Address of the server, e.g. "ldaps://directory.example"; ldap: without TLS.',
    ),
    user: z
      .string()
      .min(1)
      .max(NAME_CHARS_MAX)
      .optional()
      .describe('The name to log in as, e.g. "cn=watch,dc=shop,dc=example". Default: nobody in particular.'),
    password: secretText().optional().describe('The password of that user.'),
    base: z
      .string()
      .max(NAME_CHARS_MAX)
      .optional()
      .describe('The name of an entry that has to be there, e.g. "ou=people,dc=shop,dc=example". Default: none.'),
    upgrade: z
      .boolean()
      .default(false)
      .describe('Whether to change over to TLS on an ldap: address before logging in (StartTLS). Default false.'),
    expect: expectations(['CONNECTED', 'RESPONSE_TIME'])
      .optional()
      .describe('Conditions that must hold beside the login, or `{ down: […], degraded: […] }`.'),
    verify_tls: z.boolean().default(true).describe('Whether the certificate must be valid. Default true.'),
  })
  .refine(({ user, password }) => (user === undefined) === (password === undefined), {
    path: ['password'],
    error: 'Expected both user and password, or neither.',
  });
type LdapSettings = z.output<typeof LdapSettings>;

export const ldap = defineMonitor({
  type: 'ldap',
  summary: 'Logs in to an LDAP directory and, if asked, looks whether an entry is there.',
  example:
    'people: { ldap: "ldaps://directory.example", user: "cn=watch,dc=shop,dc=example", password: "${LDAP_PASSWORD}", ' +
    'base: "ou=people,dc=shop,dc=example" }',
  testedAgainst: 'OpenLDAP 2.5',
  settings: LdapSettings,
  target: ({ ldap: url }) => printHostAndPort(addressOf(url)),
  check,
});

async function check(settings: LdapSettings, io: ProbeIo): Promise<CheckResult> {
  const { expect } = settings;
  const address = addressOf(settings.ldap);
  const where = printHostAndPort(address);
  const { TlsNotBegun } = await import('../protocols/certificates.ts');
  const { LdapUnreadable } = await import('../protocols/ldap.ts');
  const startedAt = io.clock.ticks();
  let socket: Duplex | undefined;
  try {
    socket = await io.net.tcp.connect(await targetOf(address, settings), io.signal);
    const failure = await converse(socket, settings, where);
    const latencyMs = io.clock.ticks() - startedAt;
    const own: CheckResult =
      failure === undefined ? { state: 'up', latencyMs } : { state: 'down', latencyMs, reason: failure };
    return withExpectations(expect, own, { connected: true, responseTimeMs: latencyMs });
  } catch (error) {
    const isTheirs = error instanceof LdapUnreadable || error instanceof TlsNotBegun;
    const failure: CheckResult =
      isTheirs && !io.signal.aborted
        ? { state: 'down', reason: `${where} ${error.message}` }
        : downBecause(error, io, where);
    return socket === undefined && !isTheirs
      ? unreached(expect, failure, io.clock.ticks() - startedAt)
      : withExpectations(expect, failure, { connected: true });
  } finally {
    socket?.destroy();
  }
}

async function targetOf({ scheme, host, port }: ServerAddress, settings: LdapSettings): Promise<Target> {
  if (scheme === 'ldap' && !settings.upgrade) return { host, port };
  const tls = settings.verify_tls ? 'verified' : 'unverified';
  if (scheme === 'ldaps') return { host, port, tls };
  const { changeToTls } = await import('../protocols/starttls.ts');
  return { host, port, tls, beforeTls: (socket) => changeToTls(socket, 'ldap', host) };
}

async function converse(socket: Duplex, settings: LdapSettings, where: string): Promise<string | undefined> {
  const { user = '', password, base } = settings;
  const { ldapOver } = await import('../protocols/ldap.ts');
  const client = ldapOver(socket);
  const login = await client.bind(user, password?.reveal() ?? '');
  if (login !== SUCCESS) return refusal(login, settings, where);
  const search = base === undefined ? undefined : await client.exists(base);
  client.unbind();
  if (search === undefined || search === SUCCESS) return undefined;
  if (search === NO_SUCH_ENTRY) return `There is no entry ${base} on ${where} that ${whoIs(user)} may see.`;
  return refusal(search, settings, where);
}

/** RFC 4511, appendix A. */
const SUCCESS = 0;
const NO_SUCH_ENTRY = 32;

/** The words of the server are left out: some repeat what they were told. */
function refusal(code: number, { user = '' }: LdapSettings, where: string): string {
  const meanings: Readonly<Record<number, string>> = {
    2: `${where} does not speak LDAP 3.`,
    7: `${where} takes no plain passwords.`,
    8: `${where} wants TLS or a stronger way to log in first; use ldaps: or upgrade: true.`,
    13: `${where} wants TLS first; use ldaps: or upgrade: true.`,
    48: user === '' ? `${where} lets nobody in without a name.` : `${where} does not let ${user} log in this way.`,
    49: user === '' ? `${where} lets nobody in without a name.` : `The password for ${user} was rejected.`,
    50: `${where} does not let ${whoIs(user)} look there.`,
    51: `${where} is too busy to answer.`,
    52: `${where} is shutting down, or a part of it is not there.`,
    53: `${where} does not want to do that for ${whoIs(user)}.`,
  };
  return meanings[code] ?? `${where} answered with the result ${code}.`;
}

function whoIs(user: string): string {
  return user === '' ? 'somebody without a name' : user;
}

function addressOf(url: LdapSettings['ldap']): ServerAddress {
  const address = serverAddressOf(url, 0);
  return { ...address, port: address.port === 0 ? (PORTS[address.scheme] ?? 0) : address.port };
}
