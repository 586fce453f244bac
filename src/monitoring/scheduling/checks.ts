import type { Db } from '../../contracts/database.ts';
import type { Browser } from '../../kernel/browser.ts';
import { type Clock, SECOND_MS } from '../../kernel/clock.ts';
import type { HostLook } from '../../kernel/host.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Log } from '../../kernel/log.ts';
import type { Net } from '../../kernel/net.ts';
import type { Pictures } from '../../kernel/pictures.ts';
import { type ConnectivityGuard, NO_CONNECTION } from '../coverage/connectivity.ts';
import { createResultWriter } from '../history/result-writer.ts';
import type { MaintenanceCalendar } from '../maintenance/calendar.ts';
import { HERE, type Monitor } from '../monitor.ts';
import type { CheckResult, ProbeIo } from '../monitor-type.ts';
import { createStates, type States } from '../state/states.ts';
import { NOT_CHECKED, type Watch } from '../state/watch.ts';
import { monitorTypes } from '../types/index.ts';
import { type CheckSubject, runCheck } from './check-runner.ts';
import { createGlance } from './glance.ts';
import { createHearing } from './hearing.ts';
import type { Ownership } from './ownership.ts';
import { createScheduler } from './scheduler.ts';
import { createStateOf } from './state-of.ts';
import { toldTo } from './told.ts';

export interface ChecksDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly net: Net;
  /** For monitors that came in through the API. */
  readonly apiNet: Net;
  readonly host: HostLook;
  readonly browser: Browser;
  readonly pictures?: Pick<Pictures, 'keep'>;
  readonly environment: string;
  readonly ownership: Ownership;
  /** Announced work, as it is known now. */
  readonly calendar: () => MaintenanceCalendar;
  /** Whether a failure may be ours. */
  readonly connectivity: ConnectivityGuard;
  /** Told of every result once it is counted. */
  readonly onResult: (watch: Watch, at: number, result: CheckResult) => void;
}

/** The engine: runs what is due, judges what comes back, and commits what is confirmed. */
export interface Checks {
  /** Watches exactly these from now on; an unchanged monitor keeps its phase and what is known of it. */
  apply(monitors: readonly Monitor[]): Promise<void>;
  start(): void;
  /** Finishes what is under way and writes down every result. */
  stop(): Promise<void>;
  /** Learns what others have found of these, who checked them until now. */
  takeOver(isGained: (monitorId: number) => boolean): Promise<void>;
  /** What is ours has changed: exactly that is checked from now on. */
  share(): void;
  /**
   * Checks one monitor now, or waits for the check under way; resolves with what the latest check said. Undefined when
   * it is not watched here.
   */
  checkNow(name: string): Promise<CheckResult | null | undefined>;
  /** What its latest check measured, by name. */
  readings(name: string): Readonly<Record<string, number>>;
  /** Resolves when every result so far can be read from the database, and every state where that is possible. */
  flush(): Promise<void>;
}

const LOOK_MS = SECOND_MS;

export function createChecks(deps: ChecksDeps): Checks {
  const { db, clock, log, ownership, connectivity, calendar } = deps;
  const stopping = new AbortController();
  const stateOf = createStateOf({ ...deps, states: () => states });
  const runners = runnersOf({ ...deps, stateOf }, stopping.signal);
  const writer = createResultWriter({ db, clock, log, ownership });
  const scheduler = createScheduler({ clock, run: check });
  const ask = async (watch: Watch) => runCheck(await subjectOf(watch, db), runners[watch.monitor.reach]);
  const glance = createGlance({ clock, watchOf: (name) => states.of(name), check: scheduler.trigger, ask });
  const states = createStates({ ...deps, writer, silence: () => silenceIn(connectivity), check: glance });
  const hearing = createHearing({ ...deps, states: () => states, check: scheduler.trigger });
  const share = () => scheduler.set(tasksOf(states.all(), ownership, clock.now()));
  let sweeping: Promise<void> | undefined;

  return {
    async apply(monitors) {
      await writer.flush();
      await states.apply(monitors);
      await hearing.refresh();
      share();
    },
    async takeOver(isGained) {
      await states.takeOver(isGained);
      await hearing.refresh();
    },
    share,
    start() {
      scheduler.start();
      sweeping ??= keepLooking(states, deps, stopping.signal);
    },
    async stop() {
      stopping.abort();
      await Promise.all([scheduler.stop(), sweeping]);
      await states.close();
      await writer.close();
      await hearing.close();
    },
    async checkNow(name) {
      const watch = (await scheduler.trigger(name)) ? states.of(name) : undefined;
      return watch && (isResting(watch, calendar(), clock.now()) ? null : watch.standing.latest);
    },
    readings: (name) => states.of(name)?.standing.latest?.readings ?? {},
    async flush() {
      await writer.flush();
      await states.settled();
      await hearing.settled();
    },
  };

  async function check(name: string): Promise<void> {
    const watch = states.of(name);
    if (watch === undefined || isResting(watch, calendar(), clock.now())) return;
    const { monitor, standing } = watch;
    const { id } = standing.record;
    if (!ownership.mayCheck(id)) return;
    const epoch = ownership.epochOf(id);
    try {
      const result = await ask(watch);
      // While we are cut off ourselves, a failure says nothing of its target.
      if (result === undefined || (await connectivity.isOurs(result, targetOf(monitor)))) return;
      // A reload may have come meanwhile: what holds now is what has to hear of it.
      const current = states.of(name);
      if (current?.standing !== standing || ownership.epochOf(id) !== epoch) return;
      // It goes to the disk: what is remembered of a check stays in memory.
      const { picture, ...said } = result;
      hearing.hear(current, said);
      keepPicture(deps, name, picture);
    } catch (error) {
      // Nothing was learned; a monitor that stays silent for long becomes unknown.
      log.error('A check could not be made.', { monitor: name, error });
    }
  }
}

async function keepLooking(
  states: Pick<States, 'look'>,
  { clock, log }: ChecksDeps,
  stopping: AbortSignal,
): Promise<void> {
  for (;;) {
    await clock.sleep(LOOK_MS, stopping).catch(() => undefined);
    if (stopping.aborted) return;
    await states.look().catch((error: unknown) => log.error('What others found could not be read.', { error }));
  }
}

/** Waits for nobody: the next check is not held up by a disk. */
function keepPicture({ pictures, clock, log }: ChecksDeps, monitor: string, picture: Uint8Array | undefined): void {
  if (picture === undefined) return;
  pictures?.keep(monitor, clock.now(), picture).catch((error: unknown) => {
    log.warn('A picture could not be kept.', { monitor, error });
  });
}

function silenceIn(connectivity: ConnectivityGuard): string {
  return connectivity.cutOffSince() === null ? NOT_CHECKED : NO_CONNECTION;
}

async function subjectOf(watch: Watch, db: Db): Promise<CheckSubject> {
  const { monitor, standing } = watch;
  const { id, watchedSince } = standing.record;
  const told = await toldTo(db, monitorTypes.get(monitor.type), id);
  return { monitor, check: watch.check, watchedSince, told };
}

function isResting({ monitor }: Watch, calendar: MaintenanceCalendar, now: number): boolean {
  return calendar.openFor(monitor.name, now)?.pausesChecks === true;
}

type RunnerDeps = ChecksDeps & Pick<ProbeIo, 'stateOf'>;

function runnersOf({ apiNet, ...deps }: RunnerDeps, stopping: AbortSignal) {
  const { clock, net, host, browser, ids, log, stateOf } = deps;
  const runner = { clock, net, host, browser, ids, log, stateOf, stopping };
  return { manifest: runner, api: { ...runner, net: apiNet } };
}

function tasksOf(watches: readonly Watch[], { owns }: Ownership, now: number) {
  const here = watches.filter(({ monitor, standing }) => monitor.locations.includes(HERE) && owns(standing.record.id));
  return here.map((watch) => taskOf(watch, now));
}

function taskOf({ monitor, standing: { takenOver } }: Watch, now: number) {
  const { name, intervalMs, timeoutMs } = monitor;
  // What stands before the first slash says which machine is asked; nobody is asked by a push monitor.
  const host = monitorTypes.get(monitor.type).isPush ? undefined : targetOf(monitor).split('/')[0];
  // What is overdue comes as soon as possible, like after a start.
  const firstInMs = takenOver === undefined ? 0 : Math.min(takenOver.lastCheckAt + intervalMs - now, intervalMs);
  return { name, intervalMs, timeoutMs, ...(host !== undefined && { host }), ...(firstInMs > 0 && { firstInMs }) };
}

function targetOf({ type, settings }: Monitor): string {
  return monitorTypes.get(type).target(settings);
}
