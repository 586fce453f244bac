import type { Db } from '../../contracts/database.ts';
import { type Clock, MINUTE_MS, SECOND_MS } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import { HERE, type Monitor } from '../monitor.ts';
import * as locationStore from './location-store.ts';

export interface SilenceDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  readonly environment: string;
  readonly monitors: () => readonly Pick<Monitor, 'name' | 'locations'>[];
}

/** Notices that the probe of a location is not heard of any more, and says so once. */
export interface SilenceWatch {
  /** One look; rejects when the database does not answer. */
  sweep(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 5 * SECOND_MS;

/** Whoever did not look for so long was suspended, or had no database to look at. */
const HELD_UP_MS = 4 * LOOK_EVERY_MS;
/** Four times as long as a probe is silent when all is well. */
const SILENT_MS = MINUTE_MS;
const MONITORS_TOLD_MAX = 100;

export function createSilenceWatch({ db, clock, log, environment, monitors }: SilenceDeps): SilenceWatch {
  // Nobody could be heard before: our own absence is not theirs, nor that of the database.
  let hearsSince = clock.now();
  let lookedAt = hearsSince;
  const stopping = new AbortController();
  let looping: Promise<void> | undefined;

  return {
    sweep,
    start() {
      looping ??= keepLooking();
    },
    async stop() {
      stopping.abort();
      await looping;
    },
  };

  async function keepLooking(): Promise<void> {
    while (!stopping.signal.aborted) {
      await sweep().catch((error: unknown) => log.error('Nobody can tell which locations are silent.', { error }));
      await clock.sleep(LOOK_EVERY_MS, stopping.signal).catch(() => undefined);
    }
  }

  async function sweep(): Promise<void> {
    const named = new Set(monitors().flatMap(({ locations }) => locations.filter((location) => location !== HERE)));
    const records = await locationStore.list(db, environment);
    const now = clock.now();
    if (now < lookedAt || now - lookedAt > HELD_UP_MS) hearsSince = now;
    lookedAt = now;
    const known = new Set(records.map(({ name }) => name));
    for (const name of named) if (!known.has(name)) await make(name);
    for (const record of records) {
      if (named.has(record.name)) await markSilent(record, records);
      else if (record.lostAt !== null) await markGone(record);
    }
  }

  async function make(name: string): Promise<void> {
    const at = clock.now();
    await db.quiet('a location is news when it falls silent', (tx) =>
      locationStore.ensure(tx, environment, { name, at }),
    );
  }

  async function markSilent(
    record: locationStore.LocationRecord,
    all: readonly locationStore.LocationRecord[],
  ): Promise<void> {
    const noticedAt = clock.now();
    const at = record.lastSeenAt ?? record.madeAt;
    if (record.lostAt !== null || noticedAt - Math.max(at, hearsSince) <= SILENT_MS) return;
    const { name } = record;
    const event = { environment, what: `location ${name}`, reason: reasonOf(record), at, noticedAt };
    await db.tx(async (tx) => {
      if (!(await locationStore.setLost(tx, environment, record, at))) return;
      await tx.emit('coverage.lost', { ...event, monitors: unseenWithout(name, all, monitors()) });
    });
  }

  /** The manifest does not name it any more: nothing is missing. */
  async function markGone({ number, name }: locationStore.LocationRecord): Promise<void> {
    await db.tx(async (tx) => {
      if (!(await locationStore.setFound(tx, environment, number))) return;
      await tx.emit('coverage.restored', { environment, what: `location ${name}`, at: clock.now() });
    });
  }
}

/** Those that nobody checks now: all their places are silent. */
function unseenWithout(
  name: string,
  all: readonly locationStore.LocationRecord[],
  monitors: readonly Pick<Monitor, 'name' | 'locations'>[],
): string[] {
  const silent = new Set([name, ...all.filter(({ lostAt }) => lostAt !== null).map((record) => record.name)]);
  return monitors
    .filter(({ locations }) => locations.includes(name) && locations.every((location) => silent.has(location)))
    .map((monitor) => monitor.name)
    .slice(0, MONITORS_TOLD_MAX);
}

function reasonOf({ name, lastSeenAt }: locationStore.LocationRecord): string {
  const seconds = SILENT_MS / SECOND_MS;
  return lastSeenAt === null
    ? `No probe has reported from ${name} yet: start one there with \`evenkeel probe\`.`
    : `The probe in ${name} has not been heard of for more than ${seconds} s.`;
}
