import { MINUTE_MS } from '../../kernel/clock.ts';
import { formatDuration } from '../../kernel/duration.ts';
import type { Monitor } from '../monitor.ts';
import { slackOf } from '../state/watch.ts';
import { allowance, exact } from './budget.ts';
import { defaultPairs } from './burn-pairs.ts';
import type { BurnPair, Objective } from './objective.ts';
import { nominalMs } from './period.ts';
import { type Slo, targetsOf } from './section.ts';

export interface ObjectiveSettings {
  readonly services: Readonly<Record<string, { readonly slo?: Slo | undefined }>>;
  readonly monitors: Readonly<Record<string, { readonly slo?: Slo | undefined }>>;
}

export interface ObjectivePlan {
  readonly objectives: readonly Objective[];
  /** What may be meant that way, but will not work as its author thinks. */
  readonly notes: readonly ObjectiveNote[];
}

export interface ObjectiveNote {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly hint?: string;
}

/** Every promise of the manifest, in its order: those of services first. */
export function objectivesOf(monitors: readonly Monitor[], settings: ObjectiveSettings): ObjectivePlan {
  const watched = new Map(monitors.map((monitor) => [monitor.name, monitor]));
  const plans = (['services', 'monitors'] as const).flatMap((section) =>
    Object.entries(settings[section]).flatMap(([name, { slo }]) =>
      slo === undefined ? [] : [planOf(slo, watched.get(name), [section, name, 'slo'])],
    ),
  );
  return {
    objectives: plans.flatMap(({ objectives }) => objectives),
    notes: plans.flatMap(({ notes }) => notes),
  };
}

function planOf(slo: Slo, monitor: Monitor | undefined, path: readonly string[]): ObjectivePlan {
  if (monitor === undefined) {
    const message = 'Nothing watches this service, so nobody will know whether it keeps this promise.';
    return { objectives: [], notes: [{ path, message, hint: 'Give it a `url` or a `health` to watch.' }] };
  }
  const objectives = targetsOf(slo).map((promise): Objective => {
    const isTime = promise.measure === 'availability' && slo.counted !== 'checks';
    return {
      ...promise,
      name: `${monitor.name} ${promise.measure}`,
      monitor: monitor.name,
      intervalMs: monitor.intervalMs,
      slackMs: slackOf(monitor),
      kind: isTime ? 'time' : 'checks',
      period: slo.over,
      zone: slo.zone ?? 'UTC',
      maintenance: slo.maintenance,
      degraded: slo.degraded,
      minChecks: slo.min_checks,
      pairs: pairsOf(slo, promise.target),
      whenSpent: slo.when_spent?.releases ?? 'allowed',
    };
  });
  const notes = objectives.flatMap((objective) => [
    ...smallBudget(objective, monitor, [...path, objective.measure]),
    ...rareChecks(objective, monitor, [...path, objective.measure]),
  ]);
  return { objectives, notes };
}

function pairsOf({ burn, over }: Slo, target: number): readonly BurnPair[] {
  if (burn === undefined) return defaultPairs(target, over);
  return burn.map(({ severity, long, short, factor }) => ({ severity, longMs: long, shortMs: short, factor }));
}

/** A failure is only ever seen as long as the time between two checks. */
function smallBudget(
  { target, period }: Objective,
  { intervalMs }: Monitor,
  path: readonly (string | number)[],
): readonly ObjectiveNote[] {
  const budgetMs = allowance(target) * nominalMs(period);
  if (budgetMs >= 2 * intervalMs) return [];
  const words = budgetMs < MINUTE_MS ? `${exact(Math.round(budgetMs / 100) / 10)}s` : formatDuration(budgetMs);
  const message = `${exact(target * 100)}% of ${formatDuration(nominalMs(period))} leaves ${words} to lose, and checks come every ${formatDuration(intervalMs)}: the first failure spends it all.`;
  return [{ path, message, hint: 'Promise less, count over a longer time, or check more often.' }];
}

/** With too few checks in a window its speed is never told. */
function rareChecks(
  { kind, pairs, minChecks }: Objective,
  { intervalMs, locations }: Monitor,
  path: readonly (string | number)[],
): readonly ObjectiveNote[] {
  const critical = pairs.filter(({ severity }) => severity === 'critical');
  const most = Math.max(0, ...critical.map(({ longMs }) => Math.floor((longMs / intervalMs) * locations.length)));
  if (kind === 'time' || critical.length === 0 || most >= minChecks) return [];
  const message = `Its longest critical window holds ${most} checks, and no speed is told from fewer than ${minChecks}: it will never call it critical.`;
  return [{ path, message, hint: 'Check more often, or set a lower `min_checks`.' }];
}
