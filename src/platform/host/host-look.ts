import path from 'node:path';
import type { Clock } from '../../kernel/clock.ts';
import type { Exec } from '../../kernel/exec.ts';
import type { HostLook, HostResources } from '../../kernel/host.ts';
import { type CgroupFolders, type ContainerUse, readContainer } from './cgroup.ts';
import { createDiskLook } from './disks.ts';
import { readLog } from './log-reader.ts';
import { type MachineUse, readMachine } from './proc.ts';
import { createProcessLook } from './processes.ts';

export interface HostLookDeps extends Partial<CgroupFolders> {
  readonly clock: Clock;
  /** Where relative paths of logs start. */
  readonly folder: string;
  /** The programs of this machine: `systemctl` is asked of units. Default: those on the PATH. */
  readonly exec?: Pick<Exec, 'find' | 'run'>;
}

export function createHostLook({
  clock,
  folder,
  exec,
  proc = '/proc',
  cgroup = '/sys/fs/cgroup',
}: HostLookDeps): HostLook {
  const disksOf = createDiskLook();
  return {
    async resources(disks) {
      const [machine, container, found] = await Promise.all([
        readMachine(proc),
        readContainer({ proc, cgroup }),
        disksOf(disks),
      ]);
      const { swap, load } = machine;
      return {
        cpu: cpuOf(machine, container, clock.ticks()),
        memory: memoryOf(machine, container),
        ...(swap !== undefined && { swap }),
        load,
        disks: found,
      };
    },
    processes: createProcessLook(proc),
    async unit(name, signal) {
      // Only where a unit is watched is any of this loaded.
      const [{ readUnit }, { createExec }] = await Promise.all([import('./unit.ts'), import('../exec/exec.ts')]);
      return readUnit(name, { exec: exec ?? createExec(), now: () => clock.now() }, signal);
    },
    readLog: (file, from, bytesMax) => readLog(path.resolve(folder, file), from, bytesMax),
  };
}

/** A limit on the processors counts when it is less than there are; what it allows grows with time. */
function cpuOf({ cpu, processors }: MachineUse, container: ContainerUse, ticks: number): HostResources['cpu'] {
  if (container.cpu === undefined || container.cpu.processors >= processors) return { ...cpu, of: 'machine' };
  return { busyMs: container.cpu.busyMs, totalMs: ticks * container.cpu.processors, of: 'container' };
}

function memoryOf({ memory }: MachineUse, container: ContainerUse): HostResources['memory'] {
  if (container.memory === undefined || container.memory.total >= memory.total) return { ...memory, of: 'machine' };
  return { ...container.memory, of: 'container' };
}
