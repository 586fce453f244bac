import type { MonitoringFacts, MonitorNow } from '../../contracts/facts.ts';
import { didYouMean } from '../../kernel/nearest-word.ts';
import { errors } from './errors.ts';

/** The monitor of that name; refused with the nearest name when nothing is called so. */
export async function monitorNamed(name: string, facts: Pick<MonitoringFacts, 'monitors'>): Promise<MonitorNow> {
  const monitors = await facts.monitors();
  const monitor = monitors.find((candidate) => candidate.name === name);
  if (monitor !== undefined) return monitor;
  const nearest = didYouMean(
    name,
    monitors.map((each) => each.name),
  );
  throw errors.HTTP_MONITOR_UNKNOWN({ name, nearest: nearest === undefined ? '' : `${nearest} ` });
}
