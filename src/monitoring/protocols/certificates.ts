import * as z from 'zod';
import { DAY_MS } from '../../kernel/clock.ts';
import { duration } from '../../kernel/duration.ts';
import type { Certificate, InspectedTarget, Target, TlsSession } from '../../kernel/net.ts';
import { expectations } from '../expectations/expectations.ts';
import { roughly } from '../expectations/show.ts';
import { unreached, withExpectations } from '../expectations/verdict.ts';
import type { CheckResult, ProbeIo } from '../monitor-type.ts';
import { certificateComplaint, downBecause } from './failure.ts';
import { printHostAndPort } from './server-address.ts';

const EXPIRES_IN_MS = 14 * DAY_MS;
const SHOWN_CHARS_MAX = 80;
/** Oldest first. */
const PROTOCOLS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
/**
 * What a fingerprint makes up for: it says who is meant better than any authority could. A certificate that has ended
 * as well is told to have.
 */
const UNTRUSTED: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** The keys that say what a certificate has to be like. */
export const CERTIFICATE_KEYS = {
  expires_in: duration()
    .default(EXPIRES_IN_MS)
    .describe('How long before its end a certificate counts as degraded, also one of those sent along. Default 14d.'),
  authority: z
    .string()
    .includes('-----BEGIN CERTIFICATE-----', { error: 'Expected a certificate as PEM.' })
    .optional()
    .describe('The authorities to trust instead of those of the machine, as PEM.'),
  fingerprint: z
    .string()
    .regex(/^(?:[\da-f]{2}:?){31}[\da-f]{2}$/i, 'Expected SHA-256 in hexadecimal: 64 digits, with or without colons.')
    .transform((text) => text.replaceAll(':', '').toLowerCase())
    .optional()
    .describe('The SHA-256 fingerprint of the one certificate that is right, whoever signed it.'),
  protocol_min: z
    .enum(PROTOCOLS)
    .default('TLSv1.2')
    .describe('The oldest version of TLS that is not degraded. Default TLSv1.2.'),
  server_name: z
    .string()
    .min(1)
    .max(253)
    .optional()
    .describe('The name to ask for and to find in the certificate, where it is not the host.'),
  expect: expectations(['CERTIFICATE_EXPIRATION', 'CONNECTED', 'RESPONSE_TIME', 'IP'])
    .optional()
    .describe('Conditions that must hold beside a good certificate, or `{ down: […], degraded: […] }`.'),
};

const CertificateSettings = z.object(CERTIFICATE_KEYS);
export type CertificateSettings = z.output<typeof CertificateSettings>;

/** A server that begins in the clear did not change over; the message goes on where its address ends. */
export class TlsNotBegun extends Error {}

export function inspectedTarget(
  { host, port }: Target,
  { authority, server_name: serverName }: CertificateSettings,
): InspectedTarget {
  return { host, port, ...(authority !== undefined && { authority }), ...(serverName !== undefined && { serverName }) };
}

/** Shakes hands with a server and judges what it shows of itself. */
export async function judgeServer(
  target: InspectedTarget,
  settings: CertificateSettings,
  io: ProbeIo,
): Promise<CheckResult> {
  const { expect } = settings;
  const where = printHostAndPort(target);
  const startedAt = io.clock.ticks();
  let session: TlsSession;
  try {
    session = await io.net.tls.inspect(target, io.signal);
  } catch (error) {
    if (error instanceof TlsNotBegun && !io.signal.aborted) {
      return withExpectations(expect, { state: 'down', reason: `${where} ${error.message}` }, { connected: true });
    }
    return unreached(expect, downBecause(error, io, where), io.clock.ticks() - startedAt);
  }
  const latencyMs = io.clock.ticks() - startedAt;
  const endsInMs = Math.min(...session.chain.map(({ validTo }) => validTo)) - io.clock.now();
  const found = { latencyMs, ...(Number.isFinite(endsInMs) && { readings: { certificate: endsInMs } }) };
  const observed = { connected: true, responseTimeMs: latencyMs, ip: session.address };
  return withExpectations(
    expect,
    { ...found, ...stateOf(session, settings, { where, now: io.clock.now() }) },
    {
      ...observed,
      ...(Number.isFinite(endsInMs) && { certificateExpiresInMs: endsInMs }),
    },
  );
}

interface Moment {
  readonly where: string;
  readonly now: number;
}

function stateOf(session: TlsSession, settings: CertificateSettings, moment: Moment): CheckResult {
  const failure = failureOf(session, settings, moment);
  if (failure !== undefined) return { state: 'down', reason: failure };
  const warnings = [oldProtocol(session, settings, moment), soonOver(session, settings, moment)].filter(
    (each) => each !== undefined,
  );
  return warnings.length === 0 ? { state: 'up' } : { state: 'degraded', reason: warnings.join(' ') };
}

function failureOf({ chain, problem }: TlsSession, { fingerprint }: CertificateSettings, { where }: Moment) {
  const [leaf] = chain;
  if (leaf === undefined) return `${where} shows no certificate.`;
  if (fingerprint !== undefined && leaf.fingerprint !== fingerprint)
    return `${where} shows another certificate than the one expected: its fingerprint is ${leaf.fingerprint}.`;
  const isMadeUpFor = fingerprint !== undefined && problem !== null && UNTRUSTED.has(problem);
  return problem === null || isMadeUpFor ? undefined : complaintOf(problem, leaf, where);
}

function complaintOf(problem: string, leaf: Certificate, where: string): string {
  if (problem !== 'ERR_TLS_CERT_ALTNAME_INVALID') return certificateComplaint(problem, where);
  const names = leaf.names.length === 0 ? leaf.subject : leaf.names.join(', ');
  return `The certificate of ${where} is made out to another name: ${shown(names)}.`;
}

function oldProtocol({ protocol }: TlsSession, settings: CertificateSettings, { where }: Moment): string | undefined {
  const oldest = settings.protocol_min;
  const known: readonly string[] = PROTOCOLS;
  return known.indexOf(protocol) < known.indexOf(oldest)
    ? `${where} speaks nothing newer than ${protocol}, expected ${oldest} at least.`
    : undefined;
}

function soonOver({ chain }: TlsSession, settings: CertificateSettings, { where, now }: Moment): string | undefined {
  const [leaf] = chain;
  const first = chain.toSorted((one, other) => one.validTo - other.validTo)[0];
  if (first === undefined || first.validTo - now > settings.expires_in) return undefined;
  const which =
    first === leaf
      ? `The certificate of ${where}`
      : `One of the certificates that ${where} sends along, ${shown(first.subject)},`;
  if (first.validTo <= now) return `${which} has expired.`;
  const day = Temporal.Instant.fromEpochMilliseconds(first.validTo).toString().slice(0, 10);
  return `${which} ends in ${roughly(first.validTo - now)}, on ${day}.`;
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, SHOWN_CHARS_MAX));
}
