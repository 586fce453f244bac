import type * as z from 'zod';
import type { State } from '../contracts/state.ts';
import type { Browser } from '../kernel/browser.ts';
import type { Clock } from '../kernel/clock.ts';
import type { HostLook } from '../kernel/host.ts';
import type { Ids } from '../kernel/ids.ts';
import type { Net } from '../kernel/net.ts';
import type { Secret } from '../kernel/secret.ts';

/** A check never throws for an unhealthy target: being down is a result, not an error. */
export type CheckResult = Findings &
  (
    | { readonly state: 'up' }
    | { readonly state: 'degraded'; readonly reason: string }
    | { readonly state: 'down'; readonly reason: string }
  );

/** What a check found out beside the state. */
export interface Findings {
  /** Missing where nobody was asked anything: push types, and targets that did not answer. */
  readonly latencyMs?: number;
  /**
   * Numbers for thresholds, by name; a colon says of what, e.g. `disk:/var`. Shares are 0 to 1, times milliseconds.
   * A name that is missing says nothing: it is neither good nor bad.
   */
  readonly readings?: Readonly<Record<string, number>>;
  /** Every expectation as it came out, in the order of the manifest. */
  readonly conditions?: readonly ConditionOutcome[];
  /** What the target said of its own parts, e.g. of its database: sub-statuses, the worst told in the reason as well. */
  readonly parts?: readonly Part[];
  /** What was to be seen when it went wrong, PNG. */
  readonly picture?: Uint8Array;
}

/** One component of what is watched, in its own words put into ours. */
export interface Part {
  /** As the target calls it, e.g. `postgres:responseTime`; unique within one result. */
  readonly name: string;
  readonly state: 'up' | 'degraded' | 'down' | 'unknown';
  /** For people, without secrets; null when the target says nothing. */
  readonly detail: string | null;
}

export interface ConditionOutcome {
  /** As it is written, e.g. `[STATUS] == 200`. */
  readonly condition: string;
  readonly holds: boolean;
  /** What was found, for people and without secrets, e.g. `503`; null when it could not be found out. */
  readonly actual: string | null;
  /** What it means when it does not hold. */
  readonly otherwise: 'down' | 'degraded';
}

export interface ProbeIo {
  readonly clock: Clock;
  readonly net: Net;
  /** The machine that this check runs on. */
  readonly host: HostLook;
  /** A web browser of this machine, started when it is asked for. */
  readonly browser: Browser;
  readonly ids: Pick<Ids, 'secret'>;
  /** Aborts at the deadline (a `TimeoutError`) and at shutdown; the engine tells the two apart. */
  readonly signal: AbortSignal;
  /** The deadline behind `signal`, for the sentence that says it was missed. */
  readonly timeoutMs: number;
  /** The latest sign of life of this monitor; only push types ask. */
  readonly lastPing: () => Ping | null;
  /** When runs began that have an id and have not ended, epoch milliseconds, the oldest first; only push types ask. */
  readonly openRuns: () => readonly number[];
  /** The latest sign that a run ended, well or not; asked while another one is under way. */
  readonly lastEnd: () => Ping | null;
  /** What people last said of this monitor; only those ask that are told by people. */
  readonly said: () => Said | null;
  /** What others are known to be, by name; null for one that is not known yet. Only groups ask. */
  readonly stateOf: (monitor: string) => Promise<State | null>;
  /** Since when this monitor has existed, epoch milliseconds: nothing was due before. */
  readonly watchedSince: number;
}

export interface Ping {
  readonly at: number;
  readonly outcome: 'success' | 'failure' | 'started';
  /** What the job said in a few words, e.g. why it failed; missing when it said nothing. */
  readonly message?: string;
  /** With which status its program ended, where it told. */
  readonly exitStatus?: number;
  /** How long something took that the job measured itself. */
  readonly latencyMs?: number;
  /** How long the run took that ended with it, where its beginning was told as well. */
  readonly durationMs?: number;
}

/** A state that a person vouches for, until somebody says something else. */
export interface Said {
  readonly at: number;
  readonly state: CheckResult['state'];
  /** In the words of who said it; null when nothing was said. */
  readonly because: string | null;
  readonly by: string;
}

/** A monitor with its settings already validated and closed over. Undefined: nothing can be said yet. */
export type Check = (io: ProbeIo) => Promise<CheckResult | undefined>;

/**
 * One kind of check. In the manifest a monitor names its type by the key that carries its main setting:
 * `db: { tcp: "db.example:5432", timeout: 2s }`.
 */
export interface MonitorType {
  readonly type: string;
  /** One sentence for the reference and the editor. */
  readonly summary: string;
  /** A complete manifest entry that `evenkeel check` accepts; shown in the reference. */
  readonly example: string;
  /** What it was tested against, e.g. `PostgreSQL 15`. */
  readonly testedAgainst: string;
  /** The keys beside the common ones. The one named like the type is required and decides the type. */
  readonly settings: z.ZodObject;
  /** `push` types are told, they do not ask: a check only looks at `lastPing`. */
  readonly isPush: boolean;
  /** Programs tell it, at an address of its own. */
  readonly takesPings: boolean;
  /** People tell it. */
  readonly isToldByPeople: boolean;
  /** Looks at the machine Evenkeel runs on, so only somebody on that machine may ask for it. */
  readonly isLocal: boolean;
  /** What is watched, for people: never a password, a token or a query string. */
  readonly target: (settings: unknown) => string;
  /** The monitors whose states make its own; empty for everything but groups. */
  readonly members: (settings: unknown) => readonly string[];
  /** What jobs prove themselves with beside the address we made for them; null where nothing was written. */
  readonly ownPingKey: (settings: unknown) => Secret | null;
  readonly prepare: (settings: unknown) => Check;
}

/** Keeps `check` typed by its own schema while the registry sees one uniform `MonitorType`. */
export function defineMonitor<Settings extends z.ZodObject>(
  definition: Pick<MonitorType, 'type' | 'summary' | 'example' | 'testedAgainst'> &
    Partial<Pick<MonitorType, 'isPush' | 'takesPings' | 'isToldByPeople' | 'isLocal'>> & {
      readonly settings: Settings;
      readonly target: (settings: z.output<Settings>) => string;
      readonly members?: (settings: z.output<Settings>) => readonly string[];
      readonly ownPingKey?: (settings: z.output<Settings>) => Secret | undefined;
    } & (
      | { readonly check: (settings: z.output<Settings>, io: ProbeIo) => Promise<CheckResult | undefined> }
      /** For checks that compare what they see with what they saw: what a check remembers is lost on a reload. */
      | { readonly remember: (settings: z.output<Settings>) => Check }
    ),
): MonitorType {
  const {
    target,
    members,
    ownPingKey,
    isPush = false,
    takesPings = false,
    isToldByPeople = false,
    isLocal = false,
    type,
    summary,
    example,
    testedAgainst,
    settings: schema,
  } = definition;
  return {
    type,
    summary,
    example,
    testedAgainst,
    settings: schema,
    isPush,
    takesPings,
    isToldByPeople,
    isLocal,
    target: (settings) => target(parsed<Settings>(settings)),
    members: (settings) => members?.(parsed<Settings>(settings)) ?? [],
    ownPingKey: (settings) => ownPingKey?.(parsed<Settings>(settings)) ?? null,
    prepare(written) {
      const settings = parsed<Settings>(written);
      return 'remember' in definition ? definition.remember(settings) : (io) => definition.check(settings, io);
    },
  };
}

/** The manifest parsed these settings with this very schema; parsing again would transform them twice. */
function parsed<Settings extends z.ZodObject>(settings: unknown): z.output<Settings> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- whoever calls has them from the schema of this type
  return settings as z.output<Settings>;
}
