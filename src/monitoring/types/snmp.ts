import * as z from 'zod';
import { formatDuration } from '../../kernel/duration.ts';
import { codeOf } from '../../kernel/errors.ts';
import { secretText } from '../../kernel/secret-text.ts';
import { expectations } from '../expectations/expectations.ts';
import { unreached, withExpectations } from '../expectations/verdict.ts';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { downBecause } from '../protocols/failure.ts';
import { secretsSaid } from '../protocols/sent-secrets.ts';
import { hostAndPort, printHostAndPort } from '../protocols/server-address.ts';
import type { SnmpValue } from '../protocols/snmp-pdu.ts';

const PORT = 161;
/** How long the agent has been running; every one knows that. */
const UPTIME = '1.3.6.1.2.1.1.3.0';
const OID = /^[0-2]\.(?:\d|[1-3]\d)(?:\.(?:0|[1-9]\d{0,9})){1,126}$/;
const NAME_CHARS_MAX = 32;
/** RFC 3414 §11.2. */
const PASSWORD_CHARS_MIN = 8;
const SALT_BYTES = 8;
const ID_MAX = 2 ** 31 - 1;

const secretOfUser = () =>
  secretText(z.string().min(PASSWORD_CHARS_MIN, `Expected at least ${PASSWORD_CHARS_MIN} characters.`));

const SnmpSettings = z
  .strictObject({
    snmp: hostAndPort({ defaultPort: PORT, example: 'an agent such as switch.example or switch.example:161' }).describe(
      'Agent to ask, e.g. "switch.example". Default port 161.',
    ),
    oid: z
      .string()
      .regex(OID, 'Expected a whole object identifier in numbers, such as 1.3.6.1.2.1.1.3.0.')
      .default(UPTIME)
      .describe('The object to read, in numbers. Default 1.3.6.1.2.1.1.3.0: how long the agent runs.'),
    version: z
      .enum(['1', '2c', '3'])
      .optional()
      .describe('The version of SNMP: "1", "2c" or "3". Default 3 where a user is set, and 2c otherwise.'),
    community: secretText().optional().describe('The community of versions 1 and 2c. Default public.'),
    user: z.string().min(1).max(NAME_CHARS_MAX).optional().describe('The user of version 3.'),
    password: secretOfUser().optional().describe('The password of that user, 8 characters at least. Default: none.'),
    hash: z
      .enum(['sha', 'sha256', 'sha512'])
      .default('sha')
      .describe('How that password proves the user: sha, sha256 or sha512. Default sha.'),
    privacy_password: secretOfUser()
      .optional()
      .describe('The password to encrypt with (AES-128), 8 characters at least. Default: nothing is encrypted.'),
    expect: expectations(['CONNECTED', 'RESPONSE_TIME', 'BODY'])
      .optional()
      .describe('Conditions that must all hold, or `{ down: […], degraded: […] }`. [BODY] is the value of the object.'),
  })
  .superRefine((settings, context) => {
    const wrong = contradictionIn(settings);
    if (wrong !== undefined) context.addIssue({ code: 'custom', path: [wrong.key], message: wrong.message });
  });
type SnmpSettings = z.output<typeof SnmpSettings>;

export const snmp = defineMonitor({
  type: 'snmp',
  summary: 'Reads one object of an SNMP agent, and measures it (`value`) where it is a number.',
  example:
    'switch: { snmp: switch.example, oid: 1.3.6.1.2.1.2.2.1.8.1, user: watch, password: "${SNMP_PASSWORD}", ' +
    "expect: ['[BODY] == 1'] }",
  testedAgainst: 'Net-SNMP 5.9',
  settings: SnmpSettings,
  target: ({ snmp: target, oid }) => `${printHostAndPort(target)} ${oid}`,
  check,
});

function contradictionIn({ version, user, community, password, privacy_password: privacy }: SnmpSettings) {
  const isWithUser = (version ?? (user === undefined ? '2c' : '3')) === '3';
  const rules = [
    { key: 'user', isBroken: isWithUser !== (user !== undefined), message: 'Expected a user with version 3 only.' },
    { key: 'community', isBroken: isWithUser && community !== undefined, message: 'Expected none with version 3.' },
    { key: 'password', isBroken: !isWithUser && password !== undefined, message: 'Expected a user with it.' },
    {
      key: 'privacy_password',
      isBroken: privacy !== undefined && password === undefined,
      message: 'Expected a password as well: only a proven user can encrypt.',
    },
  ];
  return rules.find(({ isBroken }) => isBroken);
}

async function check(settings: SnmpSettings, io: ProbeIo): Promise<CheckResult> {
  const { snmp: target, oid, expect } = settings;
  const where = printHostAndPort(target);
  const { SnmpRefused } = await import('../protocols/snmp.ts');
  const startedAt = io.clock.ticks();
  try {
    const value = await ask(settings, io);
    const latencyMs = io.clock.ticks() - startedAt;
    if (value.kind === 'missing') {
      const reason = `${where} has no object ${oid}, or does not show it to us.`;
      return withExpectations(expect, { state: 'down', latencyMs, reason }, { connected: true });
    }
    const own: CheckResult = {
      state: 'up',
      latencyMs,
      ...(value.kind === 'number' && { readings: { value: value.value } }),
    };
    const observed = { connected: true, responseTimeMs: latencyMs, body: String(value.value) };
    // It is sent as it stands, and an agent may say it back.
    const secrets = settings.community === undefined ? [] : secretsSaid(settings.community.reveal());
    return withExpectations(expect, own, { ...observed, secrets });
  } catch (error) {
    if (error instanceof SnmpRefused && !io.signal.aborted)
      return withExpectations(expect, { state: 'down', reason: `${where} ${error.message}` }, { connected: true });
    return unreached(expect, down(error, settings, io), io.clock.ticks() - startedAt);
  }
}

async function ask(settings: SnmpSettings, io: ProbeIo): Promise<SnmpValue> {
  const { snmp: target, oid, version, community, user, password, hash, privacy_password: privacy } = settings;
  const exchange = (datagram: Buffer, isAnswer: (datagram: Uint8Array) => boolean) =>
    io.net.udp.exchange(target, datagram, isAnswer, io.signal);
  const nextId = () => (Buffer.from(io.ids.secret(4), 'base64url').readUInt32BE() % ID_MAX) + 1;
  if (user === undefined) {
    const { askByCommunity } = await import('../protocols/snmp.ts');
    const old = version === '1' ? version : '2c';
    const question = { version: old, community: community?.reveal() ?? 'public', oid, requestId: nextId() } as const;
    return askByCommunity(question, exchange);
  }
  const { askAsUser } = await import('../protocols/snmp-v3.ts');
  const question = {
    user,
    hash,
    oid,
    nextId,
    nextSalt: () => Buffer.from(io.ids.secret(SALT_BYTES), 'base64url'),
    ...(password !== undefined && { password: password.reveal() }),
    ...(privacy !== undefined && { privacyPassword: privacy.reveal() }),
  };
  return askAsUser(question, exchange);
}

/** An agent does not say that a community is wrong, or what it cannot decrypt: it says nothing. */
function down(error: unknown, settings: SnmpSettings, io: ProbeIo): CheckResult {
  const where = printHostAndPort(settings.snmp);
  const cause =
    settings.user === undefined
      ? 'it may not know this community'
      : settings.privacy_password && 'the privacy password may be another one';
  const isSilence = io.signal.aborted && codeOf(io.signal.reason) === 'TimeoutError';
  if (!isSilence || cause === undefined) return downBecause(error, io, where);
  return { state: 'down', reason: `${where} did not answer within ${formatDuration(io.timeoutMs)}: ${cause}.` };
}
