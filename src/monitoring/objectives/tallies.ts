import type { Availability } from '../../contracts/facts.ts';
import type { OutcomeCounts } from '../history/counts.ts';
import type { Tally } from './budget.ts';
import type { Objective } from './objective.ts';

type Policy = Pick<Objective, 'maintenance' | 'degraded'>;

/** Time that was good and time that was bad. What nobody knows is neither. */
export function timeTally(ms: Availability['ms'], { maintenance, degraded }: Policy): Tally {
  const slow = degraded === 'good' ? { good: ms.degraded, bad: 0 } : { good: 0, bad: ms.degraded };
  const during = { good: ms.maintenance, bad: 0 };
  const all = sum([{ good: ms.up, bad: ms.down }, slow, during]);
  return withoutMaintenance(all, during, { maintenance });
}

export function outcomeTally({ up, degraded, down }: OutcomeCounts, policy: Policy): Tally {
  const isGood = policy.degraded === 'good';
  return { good: up + (isGood ? degraded : 0), bad: down + (isGood ? 0 : degraded) };
}

/** Checks during announced work count as what the promise says. `all` includes them. */
export function withoutMaintenance(all: Tally, during: Tally, { maintenance }: Pick<Policy, 'maintenance'>): Tally {
  const rest = { good: all.good - during.good, bad: all.bad - during.bad };
  const checks = during.good + during.bad;
  if (maintenance === 'good') return { ...rest, good: rest.good + checks };
  if (maintenance === 'bad') return { ...rest, bad: rest.bad + checks };
  return rest;
}

export function sum(tallies: readonly Tally[]): Tally {
  return tallies.reduce((all, { good, bad }) => ({ good: all.good + good, bad: all.bad + bad }), { good: 0, bad: 0 });
}
