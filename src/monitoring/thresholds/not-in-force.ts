import type { Db } from '../../contracts/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Monitor } from '../monitor.ts';
import type { Rule } from './rule.ts';
import * as thresholdStore from './threshold-store.ts';

const WHY = 'No rule of the manifest is about it any more.';

/** What is crossed under a rule that is gone, or for a monitor that is, will never be heard of again. */
export async function clearWhatIsNotInForce(
  { db, clock, environment }: { readonly db: Db; readonly clock: Clock; readonly environment: string },
  monitors: readonly Monitor[],
  rules: readonly Rule[],
): Promise<void> {
  const watched = new Set(monitors.map(({ name }) => name));
  const isInForce = ({ rule: name, monitor }: thresholdStore.ThresholdRecord) =>
    watched.has(monitor) && rules.some((rule) => rule.name === name && (rule.monitors?.includes(monitor) ?? true));
  const orphans = (await thresholdStore.list(db, environment)).filter((each) => isStanding(each) && !isInForce(each));
  if (orphans.length === 0) return;

  const beyondSince = { warning: null, critical: null };
  await db.tx(async (tx) => {
    for (const orphan of orphans) {
      const { rule, monitor, reading, runbook, version, level } = orphan;
      const nothing = { level: null, since: null, beyondSince, reason: null, runbook };
      const isOurs = await thresholdStore.set(tx, orphan, version, nothing);
      if (!isOurs || level === null) continue;
      await tx.emit('threshold.cleared', { environment, rule, monitor, reading, at: clock.now(), gone: WHY });
    }
  });
}

function isStanding({ level, beyondSince }: thresholdStore.ThresholdRecord): boolean {
  return level !== null || beyondSince.warning !== null || beyondSince.critical !== null;
}
