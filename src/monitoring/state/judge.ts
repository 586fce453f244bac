import type { Clock } from '../../kernel/clock.ts';
import type { ResultWriter } from '../history/result-writer.ts';
import type { LocationKeeper } from '../locations/keeper.ts';
import { HERE } from '../monitor.ts';
import type { CheckResult } from '../monitor-type.ts';
import type { Committer } from './committer.ts';
import { createEvidence } from './evidence.ts';
import { type NextState, nextState, type Rest } from './next-state.ts';
import { restedFor } from './rest-of.ts';
import { addPending, believed, isStale, reasonOf, remember, slackOf, unknownSince, type Watch } from './watch.ts';

export interface JudgeDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly writer: Pick<ResultWriter, 'write'>;
  readonly committer: Pick<Committer, 'wake'>;
  /** Checks it now: somebody waits to know. */
  readonly check: (name: string) => unknown;
  /** What other places saw, of those monitors that are checked from several. */
  readonly locations: Pick<LocationKeeper, 'observe' | 'agreement' | 'seen'>;
  /** Why a monitor that is silent now is silent. */
  readonly silence: () => string;
  /** The announced work that concerns a monitor at an instant. */
  readonly restOf: (watch: Watch, at: number) => Rest | null;
  /** Whether there is any such work at that instant, whomever it concerns. */
  readonly isWorkOn: (at: number) => boolean;
}

/** Makes states of results. It waits for nobody: what is sure goes to the committer, and the next check can come. */
export interface Judge {
  hear(watch: Watch, result: CheckResult): void;
  /** Other places have something to say about it. */
  hearElsewhere(watch: Watch): void;
  /** What has not been checked for too long is unknown, and not as green as it was; and work begins and ends. */
  sweep(watches: Iterable<Watch>): void;
}

export function createJudge(deps: JudgeDeps): Judge {
  const { clock, writer, committer, locations, restOf } = deps;
  const evidence = createEvidence(locations);

  return {
    hear(watch, result) {
      const at = clock.now();
      const seen = { at, outcome: result.state, reason: reasonOf(result) };
      writer.write(watch.standing.record.id, { ...seen, latencyMs: result.latencyMs ?? null });
      noteGap(watch, at);
      remember(watch, result, at);
      locations.observe(watch.monitor.name, HERE, seen);
      settle(watch, at);
    },
    hearElsewhere(watch) {
      const times = locations.seen(watch.monitor.name).map(({ lastCheckedAt }) => lastCheckedAt ?? 0);
      const lastAt = Math.max(watch.standing.lastSeenAt, ...times);
      noteGap(watch, lastAt);
      watch.standing.lastSeenAt = lastAt;
      settle(watch, clock.now());
    },
    sweep(watches) {
      const at = clock.now();
      const isWorkOn = deps.isWorkOn(at);
      for (const watch of watches) {
        noteGap(watch, at);
        // Beside silence only work changes a state between two checks.
        if (isWorkOn || believed(watch.standing).state === 'maintenance') settle(watch, at);
      }
    },
  };

  /** A time without checks stays unknown, even if the very next check says that all is well. */
  function noteGap(watch: Watch, at: number): void {
    const { standing, monitor } = watch;
    const { lastSeenAt } = standing;
    const look = {
      state: believed(standing).state,
      lastSeenAt,
      intervalMs: monitor.intervalMs,
      slackMs: slackOf(monitor),
    };
    if (!isStale(look, at)) return;
    // Checks before a silence and after it are not in a row.
    standing.recent = [];
    const since = unknownSince(look, at);
    // During announced work silence is no news: checks may rest as well.
    if (since === undefined || look.state === 'maintenance') return;
    transit(watch, at, { state: 'unknown', since, reason: deps.silence(), rootCause: null });
  }

  function settle(watch: Watch, at: number): void {
    const { standing, monitor } = watch;
    const rest = restOf(watch, at);
    const next = nextState({
      ...believed(standing),
      evidence: (from) => evidence.of(watch, from),
      rest,
      restBefore: (rest === null && restedFor(believed(standing), at, (then) => restOf(watch, then))) || standing.rest,
      knownUntil: standing.lastSeenAt + monitor.intervalMs,
      now: at,
    });
    standing.rest = rest;
    if (next?.because === 'work is over') deps.check(monitor.name);
    if (next !== undefined) transit(watch, at, { ...next, ...explained(next, evidence.reason(watch)) });
  }

  function transit(watch: Watch, confirmedAt: number, next: Pick<Change, 'state' | 'since' | 'reason' | 'rootCause'>) {
    const { since } = believed(watch.standing);
    addPending(watch.standing, { ...next, since: Math.max(next.since, since), confirmedAt });
    committer.wake(watch);
  }
}

type Change = Watch['standing']['pending'][number];

/** Why it is in that state, and who explains it: the work, or what the checks found. */
function explained({ state, because }: NextState, reason: string | null): Pick<Change, 'reason' | 'rootCause'> {
  if (because === undefined) return { reason: state === 'up' ? null : reason, rootCause: undefined };
  if (because === 'work is over') return { reason: 'The work on it is over; it is being checked.', rootCause: null };
  const { title, dependency } = because;
  if (dependency === null) return { reason: title, rootCause: null };
  return { reason: `It needs ${dependency}, which is being worked on: ${title}`, rootCause: dependency };
}
