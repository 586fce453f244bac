import * as z from 'zod';
import { codeOf, messageOf } from '../../kernel/errors.ts';
import type { UnitNow } from '../../kernel/host.ts';
import { type CheckResult, defineMonitor } from '../monitor-type.ts';
import { downBecause } from '../protocols/failure.ts';

/** As systemd.unit(5) has it; no leading dash, which would be an option. */
const UNIT_NAME =
  /^[\w:.\\@][\w:.\\@-]{0,249}\.(?:service|socket|timer|mount|automount|path|target|swap|slice|scope|device)$/;

const SystemdSettings = z.strictObject({
  systemd: z
    .string()
    .regex(UNIT_NAME, 'Expected the name of a unit with its kind, such as nginx.service.')
    .describe('The unit, with its kind, e.g. "nginx.service".'),
});

export const systemd = defineMonitor({
  type: 'systemd',
  summary: 'Asks systemd about a unit of the machine that Evenkeel runs on.',
  example: 'web: { systemd: nginx.service }',
  testedAgainst: 'systemd 252',
  isLocal: true,
  settings: SystemdSettings,
  target: ({ systemd: unit }) => `${unit} on this machine`,
  async check({ systemd: name }, io) {
    try {
      const unit = await io.host.unit(name, io.signal);
      return { ...stateOf(name, unit), readings: { restarts: unit.restarts } };
    } catch (error) {
      if (codeOf(error) === 'HOST_SYSTEMD_UNREACHABLE') return { state: 'down', reason: messageOf(error) };
      return downBecause(error, io, 'systemd');
    }
  },
});

/** On its way somewhere: it may be over in a moment, or stay so for ever. */
const PASSING = ['activating', 'deactivating', 'reloading', 'refreshing', 'maintenance'];

function stateOf(name: string, unit: UnitNow): CheckResult {
  const { loadState, activeState, result } = unit;
  if (loadState === 'not-found') return { state: 'down', reason: `There is no unit ${name} on this machine.` };
  if (activeState === '') return { state: 'down', reason: `systemd says nothing of ${name}.` };
  if (activeState === 'active') return { state: 'up' };
  const when = unit.since === null ? '' : ` since ${timeWords(unit.since)}`;
  if (PASSING.includes(activeState)) return { state: 'degraded', reason: `${name} is ${shown(activeState)}${when}.` };
  const ended = result === '' || result === 'success' ? '' : ` (${shown(result)})`;
  const unloaded = loadState === 'loaded' ? '' : `, and its unit is ${shown(loadState)}`;
  return { state: 'down', reason: `${name} is ${shown(activeState)}${ended}${when}${unloaded}.` };
}

/** `2026-01-05 14:02:09 UTC`. A moment, and no duration: a reason that changes with every check is told again and again. */
function timeWords(at: number): string {
  return `${new Date(Math.round(at / 1_000) * 1_000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** They are words like `failed`; whatever else is no word of systemd's. */
function shown(word: string): string {
  return /^[a-z-]{1,40}$/.test(word) ? word : 'in a state that systemd does not have';
}
