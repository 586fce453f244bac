import { tmpdir } from 'node:os';
import process from 'node:process';
import type { Exec } from '../../kernel/exec.ts';
import { findProgram } from './find-program.ts';
import { startProgram } from './running-program.ts';
import { makeFolder, sweepFolders } from './scratch-folders.ts';

export interface ExecOptions {
  /** Where folders for programs are made. A restored database has to fit in there. */
  readonly scratch?: string;
  /** Where programs are looked for, and what they are told to look in. */
  readonly path?: string;
}

export interface SystemExec extends Exec {
  /** Removes the folders that a process of ours left behind when it was killed; returns how many. */
  sweep(): Promise<number>;
}

const USUAL_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The programs of this machine. */
export function createExec({
  scratch = tmpdir(),
  path = process.env['PATH'] ?? USUAL_PATH,
}: ExecOptions = {}): SystemExec {
  return {
    find: (name, folders = []) => findProgram(name, folders, path),
    run: (command) => startProgram(command, path),
    folder: (user) => makeFolder(scratch, user),
    sweep: () => sweepFolders(scratch),
  };
}
