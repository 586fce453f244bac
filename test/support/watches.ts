import type { State } from '../../src/contracts/state.ts';
import type { Monitor } from '../../src/monitoring/monitor.ts';
import type { Standing, Watch } from '../../src/monitoring/state/watch.ts';

/** A monitor at work, of which a test says only what it is about. */
export function aWatch(
  monitor: Partial<Monitor> = {},
  standing: Partial<Standing> & { readonly state?: State; readonly since?: number } = {},
): Watch {
  const { state = 'up', since = 0, ...rest } = standing;
  const name = monitor.name ?? 'api';
  const record = { id: 1, environment: 'live', name, pingKey: '', watchedSince: 0, reason: null, removedAt: null };
  return {
    monitor: {
      name,
      type: 'tcp',
      settings: {},
      description: null,
      intervalMs: 10_000,
      timeoutMs: 5_000,
      confirm: { down: 2, up: 1 },
      dependsOn: [],
      was: [],
      locations: ['here'],
      reach: 'manifest',
      ...monitor,
    },
    check: async () => undefined,
    standing: {
      record: { ...record, state, since },
      pending: [],
      recent: [],
      latest: null,
      lastSeenAt: 0,
      rest: null,
      ...rest,
    },
  };
}
