import type { State } from '../../contracts/state.ts';
import type { LocationKeeper } from '../locations/keeper.ts';
import { isSeenElsewhere } from '../monitor.ts';
import { type Confirmed, confirm } from './confirmation.ts';
import { reasonOf, type Watch } from './watch.ts';

/** What is sure of a monitor, and why. One place is believed when its checks agree, several when most of them do. */
export interface Evidence {
  /** Undefined while it does not suffice for anything. */
  of(watch: Watch, from: State): Confirmed | undefined;
  /** What is wrong; null when nothing is. */
  reason(watch: Watch): string | null;
}

export function createEvidence(locations: Pick<LocationKeeper, 'agreement'>): Evidence {
  return {
    of({ monitor, standing }, from) {
      if (!isSeenElsewhere(monitor)) return confirm(from, standing.recent, monitor.confirm);
      return locations.agreement(monitor.name);
    },
    reason({ monitor, standing }) {
      if (!isSeenElsewhere(monitor)) return reasonOf(standing.latest);
      return locations.agreement(monitor.name)?.reason ?? null;
    },
  };
}
