import { SECOND_MS } from '../../../src/kernel/clock.ts';
import type { CheckResult, Ping, ProbeIo } from '../../../src/monitoring/monitor-type.ts';
import { group } from '../../../src/monitoring/types/group.ts';
import { heartbeat } from '../../../src/monitoring/types/heartbeat.ts';
import { manual } from '../../../src/monitoring/types/manual.ts';
import { systemClock } from '../../../src/platform/system-clock.ts';
import { PLANTED, tryType, withIo } from '../../support/type-trial.ts';

const IS_TOLD = 'It is told, and asks nobody.';

tryType(heartbeat, {
  up: async () => heard({ outcome: 'success' }),
  down: async () => heard({ outcome: 'failure', exitStatus: 3, message: 'The disk is full.' }),
  degraded: 'A job says that it is well or that it is not.',
  silent: IS_TOLD,
  hostile: IS_TOLD,
  rejected: async () => heard({ outcome: 'failure' }, PLANTED),
});

tryType(group, {
  up: async () => members(['up', 'up']),
  down: async () => members(['up', 'down']),
  degraded: async () => members(['up', 'degraded']),
  silent: IS_TOLD,
  hostile: IS_TOLD,
  rejected: IS_TOLD,
});

tryType(manual, {
  up: async () => said('up'),
  down: async () => said('down'),
  degraded: async () => said('degraded'),
  silent: IS_TOLD,
  hostile: IS_TOLD,
  rejected: IS_TOLD,
});

function heard(ping: Omit<Ping, 'at'>, key?: string): object {
  const at = systemClock.now() - SECOND_MS;
  return withIo({ heartbeat: '5m', ...(key !== undefined && { key }) }, { lastPing: () => ({ at, ...ping }) });
}

function members(states: readonly NonNullable<Awaited<ReturnType<ProbeIo['stateOf']>>>[]): object {
  const names = states.map((_state, index) => `web-${index}`);
  return withIo({ group: names }, { stateOf: async (name) => states[names.indexOf(name)] ?? null });
}

function said(state: CheckResult['state']): object {
  return withIo({ manual: true }, { said: () => ({ at: 1, state, because: null, by: 'ada' }) });
}
