import type { Monitor } from './monitor.ts';
import { monitorTypes } from './types/index.ts';

/** Those whose states make its own; empty for everything but groups. */
export function membersOf({ type, settings }: Pick<Monitor, 'type' | 'settings'>): readonly string[] {
  return monitorTypes.get(type).members(settings);
}
