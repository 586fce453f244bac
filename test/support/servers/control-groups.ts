import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { eventually } from '../eventually.ts';

const MOUNT = '/sys/fs/cgroup';

/** The group of this name in every hierarchy there is, once nobody is in it any more: groups outlive what was in them. */
export async function removeControlGroup(name: string): Promise<void> {
  const groups = ['', ...foldersIn(MOUNT)].map((hierarchy) => path.join(MOUNT, hierarchy, name));
  await eventually(() => groups.filter((group) => existsSync(group)).forEach(remove));
}

function remove(group: string): void {
  for (const inner of foldersIn(group)) remove(path.join(group, inner));
  // Its files go with it.
  rmdirSync(group);
}

function foldersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  } catch {
    return [];
  }
}
