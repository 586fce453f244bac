import type { Clock } from '../../kernel/clock.ts';
import { membersOf } from '../members.ts';
import { HERE } from '../monitor.ts';
import type { CheckResult } from '../monitor-type.ts';
import { createPartKeeper, type PartKeeperDeps } from '../parts/part-keeper.ts';
import type { States } from '../state/states.ts';
import { believed, type Watch } from '../state/watch.ts';

export interface HearingDeps extends PartKeeperDeps {
  readonly clock: Clock;
  readonly states: () => Pick<States, 'all' | 'hear'>;
  /** Checks it now, if that is our business. */
  readonly check: (name: string) => unknown;
  /** Told of every result once it is counted. */
  readonly onResult: (watch: Watch, at: number, result: CheckResult) => void;
}

/** Hands each result to everybody it means something to: the state, the parts that are shown, and groups. */
export interface Hearing {
  hear(watch: Watch, result: CheckResult): void;
  /** Learns what is stored of the parts, and forgets those of monitors that are not asked here any more. */
  refresh(): Promise<void>;
  /** Resolves when everything heard so far is stored, or cannot be at the moment. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export function createHearing(deps: HearingDeps): Hearing {
  const { clock, states, check, onResult } = deps;
  const parts = createPartKeeper(deps);

  return {
    hear(watch, result) {
      const { monitor, standing } = watch;
      const before = believed(standing).state;
      states().hear(watch, result);
      parts.hear(standing.record.id, clock.now(), result.parts);
      onResult(watch, clock.now(), result);
      if (believed(standing).state !== before) lookAtGroupsOf(monitor.name);
    },
    async refresh() {
      const asked = states()
        .all()
        .filter(({ monitor }) => monitor.locations.includes(HERE));
      const ids = new Set(asked.map(({ standing }) => standing.record.id));
      await parts.refresh((id) => ids.has(id));
    },
    settled: parts.settled,
    close: parts.close,
  };

  /** A group is as its members are, and should not learn it only at its next turn. */
  function lookAtGroupsOf(member: string): void {
    for (const { monitor } of states().all()) if (membersOf(monitor).includes(member)) check(monitor.name);
  }
}
