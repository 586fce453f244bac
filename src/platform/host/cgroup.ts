import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Use } from '../../kernel/host.ts';

/** What a container may use and does, of cgroup v2 (docs.kernel.org/admin-guide/cgroup-v2.html). */
export interface ContainerUse {
  /** Missing when there is no limit. */
  readonly memory?: Use;
  readonly cpu?: { readonly busyMs: number; readonly processors: number };
}

export interface CgroupFolders {
  readonly proc: string;
  /** Where cgroup v2 is mounted. */
  readonly cgroup: string;
}

/** The tightest limits between our own group and the outermost one we can see; empty where there are none. */
export async function readContainer({ proc, cgroup }: CgroupFolders): Promise<ContainerUse> {
  const [, own] = /^0::(?<path>\/.*)$/m.exec((await readIfThere(path.join(proc, 'self/cgroup'))) ?? '') ?? [];
  if (own === undefined) return {};
  const groups = await Promise.all(pathsTo(own).map((group) => readGroup(path.join(cgroup, group))));
  const memory = groups.flatMap((group) => group.memory ?? []).toSorted((a, b) => a.total - b.total)[0];
  const cpu = groups.flatMap((group) => group.cpu ?? []).toSorted((a, b) => a.processors - b.processors)[0];
  return { ...(memory !== undefined && { memory }), ...(cpu !== undefined && { cpu }) };
}

/** `/a/b` is in `/a`, which is in `/`. What `..` leads to is outside of what we see. */
function pathsTo(own: string): readonly string[] {
  const steps = own.split('/').filter((step) => step !== '' && step !== '..');
  return [...steps.keys(), steps.length].map((depth) => steps.slice(0, depth).join('/'));
}

async function readGroup(folder: string): Promise<ContainerUse> {
  const names = ['memory.max', 'memory.current', 'memory.stat', 'cpu.max', 'cpu.stat'];
  const texts = await Promise.all(names.map((name) => readIfThere(path.join(folder, name))));
  const [memoryMax, memoryNow, memoryStat = '', cpuMax, cpuStat] = texts;
  const memory = memoryOf(memoryMax, memoryNow, memoryStat);
  const cpu = cpuOf(cpuMax, cpuStat);
  return { ...(memory !== undefined && { memory }), ...(cpu !== undefined && { cpu }) };
}

/** Files that are only kept in memory because there was room count as free, as Kubernetes counts. */
function memoryOf(max: string | undefined, current: string | undefined, stat: string): Use | undefined {
  const total = Number(max);
  if (max === undefined || current === undefined || !Number.isSafeInteger(total) || total === 0) return undefined;
  const [, evictable = '0'] = /^inactive_file (?<bytes>\d+)$/m.exec(stat) ?? [];
  return { used: Math.max(0, Number(current) - Number(evictable)), total };
}

/** `max 100000` is no limit; `50000 100000` is half a processor. */
function cpuOf(max: string | undefined, stat: string | undefined): ContainerUse['cpu'] {
  const [, quota, period] = /^(?<quota>\d+) (?<period>\d+)/.exec(max ?? '') ?? [];
  const [, usedUs] = /^usage_usec (?<us>\d+)$/m.exec(stat ?? '') ?? [];
  if (quota === undefined || period === undefined || usedUs === undefined) return undefined;
  return { busyMs: Number(usedUs) / 1_000, processors: Number(quota) / Number(period) };
}

/** Groups without a controller have no files for it, and files of others cannot be read: no limit that we know of. */
async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}
