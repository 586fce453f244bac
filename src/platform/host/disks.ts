import { statfs } from 'node:fs/promises';
import { codeOf } from '../../kernel/errors.ts';
import type { DiskUse } from '../../kernel/host.ts';

/** How full file systems are, by any path on them. */
export function createDiskLook(): (disks: readonly string[]) => Promise<readonly DiskUse[]> {
  // A network disk whose server is gone never answers, and each question would keep a thread: one at a time for each.
  const underWay = new Map<string, Promise<DiskUse>>();

  return (disks) => Promise.all(disks.map(shared));

  function shared(disk: string): Promise<DiskUse> {
    const running = underWay.get(disk);
    if (running !== undefined) return running;
    const started = look(disk).finally(() => underWay.delete(disk));
    underWay.set(disk, started);
    return started;
  }
}

async function look(disk: string): Promise<DiskUse> {
  try {
    const { bsize, blocks, bfree, bavail, files, ffree } = await statfs(disk);
    const used = (blocks - bfree) * bsize;
    return {
      path: disk,
      bytes: { used, total: used + bavail * bsize },
      ...(files > 0 && { files: { used: files - ffree, total: files } }),
    };
  } catch (error) {
    return { path: disk, problem: codeOf(error) };
  }
}
