import * as z from 'zod';
import { DAY_MS } from '../../kernel/clock.ts';
import { duration } from '../../kernel/duration.ts';
import { expectations } from '../expectations/expectations.ts';
import { roughly } from '../expectations/show.ts';
import { withExpectations } from '../expectations/verdict.ts';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { throwIfShutDown } from '../protocols/failure.ts';
import { RDAP_SERVER, type Registration, registrationOf } from '../protocols/rdap.ts';

const EXPIRES_IN_MS = 30 * DAY_MS;
const NAME =
  /^(?=.{1,253}$)(?:[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]{0,61}[\p{L}\p{N}\p{M}])?\.)+[\p{L}\p{N}\p{M}-]{2,63}\.?$/u;

/** RFC 8056: what they mean for whoever wants to reach something under this name. */
const LOST: Readonly<Record<string, string>> = {
  'redemption period': 'has ended and can only be bought back (redemption period).',
  'pending delete': 'is about to be deleted (pending delete).',
  'server hold': 'was taken out of the DNS by its registry (server hold).',
  'client hold': 'was taken out of the DNS by its registrar (client hold).',
};

const DomainSettings = z.strictObject({
  domain: z
    .string()
    .regex(NAME, 'Expected a domain as it is registered, such as shop.example.')
    .transform((name, context) => {
      const ascii = URL.parse(`http://${name}`)?.hostname.replace(/\.$/, '');
      if (ascii !== undefined) return ascii;
      context.addIssue({ code: 'custom', message: 'Expected a domain as it is registered, such as shop.example.' });
      return z.NEVER;
    })
    .describe('The domain as it is registered and paid for, e.g. "shop.example".'),
  expires_in: duration()
    .default(EXPIRES_IN_MS)
    .describe('How long before its end a domain counts as degraded. Default 30d.'),
  rdap: z
    .url({ protocol: /^https?$/, error: 'Expected a whole web address, such as https://rdap.org.' })
    .transform((url) => url.replace(/\/+$/, ''))
    .default(RDAP_SERVER)
    .describe('The RDAP server to ask, once a day. Default https://rdap.org.'),
  expect: expectations(['DOMAIN_EXPIRATION'])
    .optional()
    .describe('Conditions that must hold beside a registration that goes on, or `{ down: […], degraded: […] }`.'),
});
type DomainSettings = z.output<typeof DomainSettings>;

export const domain = defineMonitor({
  type: 'domain',
  summary: 'Asks the registry of a domain when its registration ends and whether it is on hold, once a day.',
  example: 'name: { domain: shop.example, expires_in: 30d }',
  testedAgainst: 'RFC 9083 by its JSON',
  settings: DomainSettings,
  target: ({ domain: name }) => name,
  check,
});

async function check(settings: DomainSettings, io: ProbeIo): Promise<CheckResult> {
  const registration = await registrationOf({ server: settings.rdap, domain: settings.domain }, io);
  throwIfShutDown(io.signal);
  const now = io.clock.now();
  const expiresAt = registration?.expiresAt ?? null;
  const endsInMs = expiresAt === null ? null : expiresAt - now;
  const own: CheckResult = {
    ...(endsInMs !== null && { readings: { domain: endsInMs } }),
    ...stateOf(registration, endsInMs, settings),
  };
  return withExpectations(settings.expect, own, { connected: registration !== null, domainExpiresInMs: endsInMs });
}

function stateOf(
  registration: Registration | null,
  endsInMs: number | null,
  { domain: name, rdap, expires_in: expiresInMs }: DomainSettings,
): CheckResult {
  if (registration === null) return { state: 'degraded', reason: silence(name, rdap) };
  const lost = registration.statuses.find((status) => Object.hasOwn(LOST, status));
  if (lost !== undefined) return { state: 'down', reason: `${name} ${LOST[lost]}` };
  if (endsInMs === null) {
    return { state: 'degraded', reason: `The registry of ${name} does not say when its registration ends.` };
  }
  if (endsInMs <= 0) return { state: 'down', reason: `The registration of ${name} ended ${roughly(-endsInMs)} ago.` };
  if (endsInMs > expiresInMs) return { state: 'up' };
  return { state: 'degraded', reason: `The registration of ${name} ends in ${roughly(endsInMs)}.` };
}

/** Nobody knows, and whoever relies on being warned has to be told that. */
function silence(name: string, rdap: string): string {
  const { host } = new URL(rdap);
  return `When the registration of ${name} ends cannot be found out: ${host} does not say. It is asked again every 10 minutes.`;
}
