import { CANARY } from '../../contracts/canary.ts';
import type { State } from '../../contracts/state.ts';
import { SECOND_MS } from '../../kernel/clock.ts';
import { HERE, type Monitor } from '../monitor.ts';
import type { Outcome } from '../state/confirmation.ts';
import { monitorTypes } from '../types/index.ts';

const EVERY_MS = 30 * SECOND_MS;
const TIMEOUT_MS = 5 * SECOND_MS;

/**
 * A monitor that must fail: it goes the way of every other one, so if its failure is not noticed, no failure is. `url`
 * is an address of this very process that always answers 503.
 */
export function canaryMonitor(url: string): Monitor {
  const type = monitorTypes.get('http');
  return {
    name: CANARY,
    type: type.type,
    settings: type.settings.parse({ http: url }),
    description: null,
    intervalMs: EVERY_MS,
    timeoutMs: TIMEOUT_MS,
    confirm: { down: 2, up: 1 },
    dependsOn: [],
    locations: [HERE],
    reach: 'manifest',
    was: [],
  };
}

export interface CanaryLook {
  readonly intervalMs: number;
  readonly state: State;
  /** Of its newest stored result; null when there is none. */
  readonly outcome: Outcome | null;
  readonly lastResultAt: number | null;
  /** From when on it can be expected to be noticed. */
  readonly from: number;
}

/** What is wrong with how failures are noticed; null when nothing is. Two checks make a failure sure. */
export function canaryComplaint(
  { intervalMs, state, outcome, lastResultAt, from }: CanaryLook,
  now: number,
): string | null {
  const patienceMs = 2 * intervalMs + 2 * SECOND_MS;
  if (lastResultAt !== null && lastResultAt >= from && outcome !== 'down') {
    return 'A check that must fail did not: its target was found well.';
  }
  if (now - Math.max(lastResultAt ?? 0, from) > patienceMs) return 'A check that must fail is not made any more.';
  if (state !== 'down' && now - from > 2 * patienceMs) return 'A check fails as it must, and nobody took notice of it.';
  return null;
}
