import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../../kernel/errors.ts';
import type { HostResources, Use } from '../../kernel/host.ts';
import { errors } from './errors.ts';

/** What the files of /proc say of the whole machine; proc(5) describes them. */
export interface MachineUse extends Pick<HostResources, 'swap' | 'load'> {
  readonly cpu: { readonly busyMs: number; readonly totalMs: number };
  readonly memory: Use;
  readonly processors: number;
}

/** `USER_HZ` is 100 wherever Linux runs today: a tick is 10 ms. */
const TICK_MS = 10;
const KIB = 1024;

export async function readMachine(proc: string): Promise<MachineUse> {
  const [stat, meminfo, loadavg] = await Promise.all([
    readProc(proc, 'stat'),
    readProc(proc, 'meminfo'),
    readProc(proc, 'loadavg'),
  ]);
  const processors = Math.max(1, stat.match(/^cpu\d+ /gm)?.length ?? 1);
  const swap = swapOf(meminfo);
  return {
    cpu: cpuOf(stat),
    memory: memoryOf(meminfo),
    ...(swap !== undefined && { swap }),
    load: loadOf(loadavg) / processors,
    processors,
  };
}

async function readProc(proc: string, name: string): Promise<string> {
  const file = path.join(proc, name);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw errors.HOST_UNREADABLE({ cause: `${codeOf(error)} ${file}` }, { cause: error });
  }
}

/** `cpu user nice system idle iowait irq softirq steal …`: the guests that follow are counted in `user` already. */
function cpuOf(stat: string): MachineUse['cpu'] {
  const [, fields] = /^cpu +(?<fields>\d[\d ]+)$/m.exec(stat) ?? [];
  if (fields === undefined) throw errors.HOST_UNREADABLE({ cause: 'stat says nothing of cpu' });
  const ticks = fields.split(' ').slice(0, 8).map(Number);
  const [, , , idle = 0, waiting = 0] = ticks;
  const total = ticks.reduce((sum, each) => sum + each, 0);
  return { busyMs: (total - idle - waiting) * TICK_MS, totalMs: total * TICK_MS };
}

function memoryOf(meminfo: string): Use {
  const total = bytesOf(meminfo, 'MemTotal');
  return { used: total - bytesOf(meminfo, 'MemAvailable'), total };
}

function swapOf(meminfo: string): Use | undefined {
  const total = bytesOf(meminfo, 'SwapTotal');
  return total === 0 ? undefined : { used: total - bytesOf(meminfo, 'SwapFree'), total };
}

function loadOf(loadavg: string): number {
  const load = Number.parseFloat(loadavg);
  if (Number.isNaN(load)) throw errors.HOST_UNREADABLE({ cause: 'loadavg is not a number' });
  return load;
}

function bytesOf(meminfo: string, name: string): number {
  const [, kib] = new RegExp(`^${name}: +(?<kib>\\d+) kB$`, 'm').exec(meminfo) ?? [];
  if (kib === undefined) throw errors.HOST_UNREADABLE({ cause: `meminfo says nothing of ${name}` });
  return Number(kib) * KIB;
}
