import { type Clock, SECOND_MS } from '../../kernel/clock.ts';
import { messageOf } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import type { Net } from '../../kernel/net.ts';
import type { Monitor } from '../monitor.ts';
import type { Check, CheckResult, Ping } from '../monitor-type.ts';

export interface CheckRunnerDeps {
  readonly clock: Clock;
  readonly net: Net;
  readonly log: Log;
  /** Aborts when the process shuts down. */
  readonly stopping: AbortSignal;
}

export interface CheckSubject {
  readonly monitor: Pick<Monitor, 'name' | 'timeoutMs'>;
  readonly check: Check;
  readonly watchedSince: number;
  readonly lastPing: Ping | null;
}

/** A check that ignores its signal is left behind this long after its deadline. */
const ABANDON_AFTER_MS = SECOND_MS;

/**
 * Runs one check within its deadline. Undefined means that nothing was learned: we are shutting down, or the check
 * itself is broken, which says nothing about its target.
 */
export async function runCheck(subject: CheckSubject, deps: CheckRunnerDeps): Promise<CheckResult | undefined> {
  const { clock, net, log, stopping } = deps;
  const { monitor, check, watchedSince, lastPing } = subject;
  const ended = new AbortController();
  const signal = AbortSignal.any([clock.timeout(monitor.timeoutMs), stopping]);
  const io = { clock, net, signal, timeoutMs: monitor.timeoutMs, lastPing: () => lastPing, watchedSince };
  try {
    return await Promise.race([check(io), abandoned(monitor.timeoutMs + ABANDON_AFTER_MS, ended.signal)]);
  } catch (error) {
    if (!stopping.aborted) log.error('A check is broken.', { monitor: monitor.name, reason: messageOf(error), error });
    return undefined;
  } finally {
    ended.abort();
  }

  async function abandoned(ms: number, unless: AbortSignal): Promise<CheckResult> {
    await clock.sleep(ms, AbortSignal.any([unless, stopping]));
    return { state: 'down', reason: `The check did not end within ${monitor.timeoutMs / SECOND_MS} s.` };
  }
}
