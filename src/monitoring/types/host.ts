import * as z from 'zod';
import { EvenkeelError } from '../../kernel/errors.ts';
import type { DiskUse, HostResources, Use } from '../../kernel/host.ts';
import { type Check, type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { beforeDeadline } from '../protocols/before-deadline.ts';
import { downBecause } from '../protocols/failure.ts';

const DISKS_MAX = 20;

const HostSettings = z.strictObject({
  host: z.literal(true).describe('`true`: the machine that Evenkeel runs on, or its container where that has limits.'),
  disks: z
    .array(z.string().startsWith('/', 'Expected an absolute path, such as /var.').max(200))
    .min(1)
    .max(DISKS_MAX)
    .default(['/'])
    .describe('Which disks to look at, each by any path on it. Default ["/"].'),
});

/** Up whenever it can be read; thresholds on the readings say what is too much. */
export const host = defineMonitor({
  type: 'host',
  summary: 'Looks at processors, memory and disks of the machine that Evenkeel runs on.',
  example: 'machine: { host: true, disks: ["/", "/var"] }',
  testedAgainst: 'Linux 6, cgroup v2 by its files',
  isLocal: true,
  settings: HostSettings,
  target: ({ disks }) => `this machine (${disks.join(', ')})`,
  remember: ({ disks }) => watchHost(disks),
});

function watchHost(disks: readonly string[]): Check {
  let before: HostResources['cpu'] | undefined;
  return async (io) => {
    try {
      const found = await beforeDeadline(io.host.resources(disks), io.signal);
      const readings = { ...cpuSince(before, found.cpu), ...readingsOf(found) };
      before = found.cpu;
      return { ...stateOf(found.disks), readings };
    } catch (error) {
      return failure(error, io);
    }
  };
}

/** Nothing at the first look, and when what is measured against has changed. */
function cpuSince(before: HostResources['cpu'] | undefined, now: HostResources['cpu']): { readonly cpu?: number } {
  if (before === undefined || before.of !== now.of) return {};
  const total = now.totalMs - before.totalMs;
  if (total <= 0) return {};
  // A container may borrow a moment, and the kernel's own counters go back at times.
  return { cpu: Math.min(1, Math.max(0, (now.busyMs - before.busyMs) / total)) };
}

function readingsOf({ memory, swap, load, disks }: HostResources): Readonly<Record<string, number>> {
  const ofDisks = disks.flatMap((disk) => {
    if ('problem' in disk) return [];
    const { path, bytes, files } = disk;
    return [[`disk:${path}`, shareOf(bytes)], ...(files === undefined ? [] : [[`inodes:${path}`, shareOf(files)]])];
  });
  return {
    memory: shareOf(memory),
    ...(swap !== undefined && { swap: shareOf(swap) }),
    load,
    ...Object.fromEntries(ofDisks),
  };
}

function shareOf({ used, total }: Use): number {
  return total === 0 ? 0 : Math.min(1, used / total);
}

function stateOf(disks: readonly DiskUse[]): CheckResult {
  const unread = disks.flatMap((disk) => ('problem' in disk ? [disk] : []));
  if (unread.length === 0) return { state: 'up' };
  return { state: 'down', reason: unread.map(({ path, problem }) => `${path} cannot be read (${problem}).`).join(' ') };
}

function failure(error: unknown, io: ProbeIo): CheckResult {
  const isRefusal = error instanceof EvenkeelError && error.code === 'HOST_UNREADABLE';
  return isRefusal ? { state: 'down', reason: error.message } : downBecause(error, io, 'This machine');
}
