import * as z from 'zod';
import { codeOf, messageOf } from '../../kernel/errors.ts';
import type { ProcessNow } from '../../kernel/host.ts';
import { type Check, type CheckResult, defineMonitor } from '../monitor-type.ts';
import { beforeDeadline } from '../protocols/before-deadline.ts';
import { downBecause } from '../protocols/failure.ts';

const COUNT_MAX = 100_000;

const howMany = () => z.int().min(1).max(COUNT_MAX);

const ProcessSettings = z
  .strictObject({
    process: z
      .string()
      .regex(/^[^/\p{Cc}]{1,200}$/u, 'Expected the name of a program without its folder, such as nginx.')
      .describe('The name of the program, without its folder, e.g. "nginx".'),
    command: z
      .string()
      .min(1)
      .max(1_000)
      .optional()
      .describe('Text that has to stand in the command line as well, e.g. "worker.js". It is never shown.'),
    count_min: howMany().default(1).describe('At least so many have to run. Default 1.'),
    count_max: howMany().optional().describe('More than so many are too many. Default: no limit.'),
  })
  .refine(({ count_min: least, count_max: most = COUNT_MAX }) => least <= most, {
    path: ['count_max'],
    message: 'Expected at least as much as `count_min`.',
  });
type ProcessSettings = z.output<typeof ProcessSettings>;

export const process = defineMonitor({
  type: 'process',
  summary: 'Looks whether a program runs on the machine that Evenkeel runs on.',
  example: 'web: { process: nginx, count_min: 2 }',
  testedAgainst: 'Linux 6',
  isLocal: true,
  settings: ProcessSettings,
  target: ({ process: name }) => `${name} on this machine`,
  remember: follow,
});

interface Look {
  readonly at: number;
  readonly found: readonly ProcessNow[];
}

function follow(settings: ProcessSettings): Check {
  let before: Look | undefined;
  return async (io) => {
    try {
      const all = await beforeDeadline(io.host.processes(), io.signal);
      const look = { at: io.clock.ticks(), found: all.filter((one) => isMeant(one, settings)) };
      const readings = readingsOf(look, before, io.clock.now());
      before = look;
      return { ...stateOf(look.found.length, settings), readings };
    } catch (error) {
      if (codeOf(error) === 'HOST_UNREADABLE') return { state: 'down', reason: messageOf(error) };
      return downBecause(error, io, 'This machine');
    }
  };
}

function isMeant({ names, commandLine }: ProcessNow, { process: name, command }: ProcessSettings): boolean {
  return names.includes(name) && (command === undefined || commandLine.includes(command));
}

/** Sizes in bytes, `age` of the youngest in milliseconds, `processors` as how many of them are kept busy. */
function readingsOf(look: Look, before: Look | undefined, now: number): Readonly<Record<string, number>> {
  const { found } = look;
  const begun = found.map(({ startedAt }) => startedAt);
  return {
    processes: found.length,
    memory_bytes: found.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
    ...(begun.length > 0 && { age: Math.max(0, now - Math.max(...begun)) }),
    ...(before !== undefined && look.at > before.at && { processors: workSince(before, look) }),
  };
}

/** What ended in between is lost; what began in between counts from its beginning. */
function workSince(before: Look, { at, found }: Look): number {
  const known = new Map(before.found.map((one) => [`${one.pid} ${one.startedAt}`, one.cpuMs]));
  const worked = found.reduce(
    (sum, { pid, startedAt, cpuMs }) => sum + Math.max(0, cpuMs - (known.get(`${pid} ${startedAt}`) ?? 0)),
    0,
  );
  return worked / (at - before.at);
}

/** The text is not repeated: a command line may hold secrets. */
function absenceOf({ process: name, command }: ProcessSettings): string {
  if (command === undefined) return `${name} does not run on this machine.`;
  return `No ${name} runs on this machine with the text of \`command\` in its command line.`;
}

function stateOf(running: number, settings: ProcessSettings): CheckResult {
  const { process: name, count_min: least, count_max: most } = settings;
  if (running === 0) return { state: 'down', reason: absenceOf(settings) };
  if (running < least)
    return { state: 'degraded', reason: `${name} runs ${times(running)}, expected at least ${least}.` };
  if (most !== undefined && running > most) {
    return { state: 'degraded', reason: `${name} runs ${times(running)}, expected at most ${most}.` };
  }
  return { state: 'up' };
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
