import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../kernel/clock.ts';
import type { Net } from '../../kernel/net.ts';
import type { ProbeIo } from '../monitor-type.ts';

/** Sends every question on to the registry that knows (https://about.rdap.org). */
export const RDAP_SERVER = 'https://rdap.org';

const REMEMBERED_MS = DAY_MS;
/** So long a registry that does not answer is left in peace. */
const PAUSE_MS = 10 * MINUTE_MS;
const PATIENCE_MS = 5 * SECOND_MS;
const ANSWER_BYTES_MAX = 256 * 1024;
const REDIRECTS_MAX = 5;

export interface RdapQuestion {
  /** Base address of the server, without a slash at its end. */
  readonly server: string;
  readonly domain: string;
}

type RdapIo = Pick<ProbeIo, 'clock' | 'net' | 'signal'>;

/** What a registry says of a domain (RFC 9083 §5.3). */
export interface Registration {
  /** Epoch milliseconds; null where the registry does not publish it. */
  readonly expiresAt: number | null;
  /** E.g. `active` or `redemption period` (RFC 8056), in lower case. */
  readonly statuses: readonly string[];
}

interface Remembered {
  registration: Registration | null;
  askAgainAt: number;
  underWay?: Promise<void>;
}

/** What this process knows; one per network, so that it ends with it. */
const memories = new WeakMap<Net, Map<string, Remembered>>();

/** When a domain ends, epoch milliseconds; null when it cannot be found out. As `registrationOf`. */
export async function domainExpiresAt(question: RdapQuestion, io: RdapIo): Promise<number | null> {
  return (await registrationOf(question, io))?.expiresAt ?? null;
}

/**
 * What the registry of a domain says of it in RDAP (RFC 9082 §3.1.3, RFC 9083 §5.3); null when it cannot be found out.
 * Never rejects, and ends when the signal aborts. A registry is asked once a day and domain, however many checks want
 * to know.
 */
export async function registrationOf(question: RdapQuestion, io: RdapIo): Promise<Registration | null> {
  const remembered = rememberedOf(question, io.net);
  if (io.clock.now() >= remembered.askAgainAt) {
    remembered.underWay ??= ask(question, remembered, io).finally(() => delete remembered.underWay);
  }
  await untilAborted(remembered.underWay, io.signal);
  return remembered.registration;
}

function rememberedOf({ server, domain }: RdapQuestion, net: Net): Remembered {
  const memory = memories.get(net) ?? new Map<string, Remembered>();
  memories.set(net, memory);
  const key = `${server} ${domain}`;
  const remembered = memory.get(key) ?? { registration: null, askAgainAt: Number.NEGATIVE_INFINITY };
  memory.set(key, remembered);
  return remembered;
}

async function ask({ server, domain }: RdapQuestion, remembered: Remembered, io: RdapIo): Promise<void> {
  try {
    const response = await io.net.http.send({
      method: 'GET',
      url: `${server}/domain/${domain}`,
      headers: { accept: 'application/rdap+json' },
      redirectsMax: REDIRECTS_MAX,
      bodyBytesMax: ANSWER_BYTES_MAX,
      signal: AbortSignal.any([io.clock.timeout(PATIENCE_MS), io.signal]),
    });
    const registration = response.status === 200 ? registrationIn(response.body) : undefined;
    if (registration !== undefined) {
      Object.assign(remembered, { registration, askAgainAt: io.clock.now() + REMEMBERED_MS });
      return;
    }
  } catch {
    // Whatever went wrong is the registry's; only when the check itself ends early has nobody been asked.
    if (io.signal.aborted) return;
  }
  // An end that is known already stays known: a domain is renewed rarely, and never for less.
  remembered.askAgainAt = io.clock.now() + PAUSE_MS;
}

/** `{ objectClassName: "domain", status: ["active"], events: [{ eventAction: "expiration", eventDate: "…" }] }` */
function registrationIn(body: Uint8Array): Registration | undefined {
  try {
    const answer: unknown = JSON.parse(new TextDecoder().decode(body));
    const statuses = listIn(answer, 'status').filter((each) => typeof each === 'string');
    const expiresAt = expirationIn(listIn(answer, 'events'));
    // Somebody's page about something else is JSON as well, now and then.
    const isOne = expiresAt !== null || textIn(answer, 'objectClassName') === 'domain';
    return isOne ? { expiresAt, statuses: statuses.map((each) => each.toLowerCase()) } : undefined;
  } catch {
    return undefined;
  }
}

function expirationIn(events: readonly unknown[]): number | null {
  const expiration = events.find((event) => textIn(event, 'eventAction') === 'expiration');
  const date = textIn(expiration, 'eventDate');
  return date === undefined ? null : Temporal.Instant.from(date).epochMilliseconds;
}

function listIn(value: unknown, key: string): readonly unknown[] {
  const found = memberOf(value, key);
  return Array.isArray(found) ? found : [];
}

function textIn(value: unknown, key: string): string | undefined {
  const found = memberOf(value, key);
  return typeof found === 'string' ? found : undefined;
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
}

async function untilAborted(underWay: Promise<void> | undefined, signal: AbortSignal): Promise<void> {
  if (underWay === undefined || signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const abort = () => resolve();
  signal.addEventListener('abort', abort, { once: true });
  await Promise.race([underWay, promise]);
  signal.removeEventListener('abort', abort);
}
