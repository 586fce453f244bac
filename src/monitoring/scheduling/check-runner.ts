import { type Clock, SECOND_MS } from '../../kernel/clock.ts';
import { messageOf } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import type { Monitor } from '../monitor.ts';
import type { Check, CheckResult, ProbeIo } from '../monitor-type.ts';
import type { Told } from './told.ts';

export interface CheckRunnerDeps extends Pick<ProbeIo, 'net' | 'host' | 'browser' | 'ids' | 'stateOf'> {
  readonly clock: Clock;
  readonly log: Log;
  /** Aborts when the process shuts down. */
  readonly stopping: AbortSignal;
}

export interface CheckSubject {
  readonly monitor: Pick<Monitor, 'name' | 'timeoutMs'>;
  readonly check: Check;
  readonly watchedSince: number;
  readonly told: Told;
}

/** A check that ignores its signal is left behind this long after its deadline. */
const ABANDON_AFTER_MS = SECOND_MS;

/** No check can take so much longer than it may, unless this process was suspended or held up. */
const HELD_UP_MS = ABANDON_AFTER_MS + SECOND_MS / 2;

/**
 * Runs one check within its deadline. Undefined means that nothing was learned: we are shutting down, or the check
 * itself is broken, or we were held up while answers waited for us, which says nothing about its target.
 */
export async function runCheck(subject: CheckSubject, deps: CheckRunnerDeps): Promise<CheckResult | undefined> {
  const { clock, net, host, browser, ids, stateOf, log, stopping } = deps;
  const { monitor, check, watchedSince, told } = subject;
  const { name, timeoutMs } = monitor;
  const { promise: ended, resolve: end } = Promise.withResolvers<CheckResult | undefined>();
  // One controller and one timer: this runs hundreds of times a second.
  const run = new AbortController();
  const beganAt = clock.ticks();
  const stop = () => {
    run.abort(stopping.reason);
    end(undefined);
  };
  let callOff = clock.after(timeoutMs, () => {
    run.abort(new DOMException('The operation timed out.', 'TimeoutError'));
    callOff = clock.after(ABANDON_AFTER_MS, () => end(abandoned(timeoutMs)));
  });
  stopping.addEventListener('abort', stop, { once: true });
  const { signal } = run;
  const io: ProbeIo = {
    clock,
    net,
    host,
    browser,
    ids,
    signal,
    timeoutMs,
    stateOf,
    lastPing: () => told.lastPing,
    lastEnd: () => told.lastEnd,
    openRuns: () => told.openRuns,
    said: () => told.said,
    watchedSince,
  };
  check(io).then(end, (error) => {
    if (!stopping.aborted) log.error('A check is broken.', { monitor: name, reason: messageOf(error), error });
    end(undefined);
  });
  if (stopping.aborted) stop();
  try {
    const result = await ended;
    return clock.ticks() - beganAt > timeoutMs + HELD_UP_MS ? undefined : result && withFitReadings(result);
  } finally {
    callOff();
    stopping.removeEventListener('abort', stop);
  }
}

/** As many as anybody looks at, with names that fit a line; a probe may report no others. */
const READINGS_MAX = 100;
const NAME_CHARS_MAX = 200;

/** Targets say what they like: a number without end cannot be kept, and would be no number to whoever reads it. */
function withFitReadings(result: CheckResult): CheckResult {
  const { readings } = result;
  if (readings === undefined) return result;
  const all = Object.entries(readings);
  const fit = all.filter(([name, value]) => Number.isFinite(value) && name.length <= NAME_CHARS_MAX);
  if (fit.length === all.length && fit.length <= READINGS_MAX) return result;
  return { ...result, readings: Object.fromEntries(fit.slice(0, READINGS_MAX)) };
}

function abandoned(timeoutMs: number): CheckResult {
  return { state: 'down', reason: `The check did not end within ${timeoutMs / SECOND_MS} s.` };
}
