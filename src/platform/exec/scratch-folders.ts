import { readFileSync } from 'node:fs';
import { chmod, chown, lstat, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { codeOf } from '../../kernel/errors.ts';
import type { ProgramFolder, ProgramUser } from '../../kernel/exec.ts';
import { errors } from '../file-errors.ts';
import { type Account, accountOf } from './program-user.ts';

const PREFIX = 'evenkeel-scratch-';
const NAME = /^evenkeel-scratch-(?<pid>\d+)-(?<startedAt>\d+)-/;

/** Its name says whose it is, so that a later process can tell which ones nobody will remove any more. */
export async function makeFolder(parent: string, user: ProgramUser): Promise<ProgramFolder> {
  try {
    const folder = await mkdtemp(path.join(parent, `${PREFIX}${process.pid}-${startOf(process.pid) ?? 0}-`));
    const account = accountOf(user);
    const own = account === undefined ? folder : await makeOwn(folder, account);
    return { path: own, [Symbol.asyncDispose]: () => remove(folder) };
  } catch (error) {
    throw errors.FILE_UNUSABLE({ path: parent, done: 'written to', cause: codeOf(error) }, { cause: error });
  }
}

/** Within one of ours: whoever owns a folder may move it away, and put another into the place where we write. */
async function makeOwn(folder: string, { uid, gid }: Account): Promise<string> {
  const own = path.join(folder, 'own');
  await mkdir(own, { mode: 0o700 });
  await chown(own, uid, gid);
  await chmod(folder, 0o711);
  return own;
}

/** Removes the folders of processes that have died without doing so; returns how many. */
export async function sweepFolders(parent: string): Promise<number> {
  const stale: string[] = [];
  for (const name of await readdir(parent)) {
    const folder = path.join(parent, name);
    if (isLeftOver(name) && (await isOurs(folder))) stale.push(folder);
  }
  await Promise.all(stale.map(remove));
  return stale.length;
}

function isLeftOver(name: string): boolean {
  const { pid, startedAt } = NAME.exec(name)?.groups ?? {};
  if (pid === undefined) return false;
  return Number(startedAt) !== (startOf(Number(pid)) ?? 0) || !isAlive(Number(pid));
}

/** Anybody may put something of this name into a folder for temporary files. */
async function isOurs(folder: string): Promise<boolean> {
  const { uid } = await lstat(folder);
  return [process.getuid?.(), accountOf('nobody')?.uid].includes(uid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** In ticks since the machine booted; process ids alone are used again. Undefined where the system does not say. */
function startOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is a name, which may contain anything, in brackets.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  } catch {
    return undefined;
  }
}

function remove(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
