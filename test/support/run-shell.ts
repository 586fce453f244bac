import { spawnSync } from 'node:child_process';
import process from 'node:process';

/** Runs lines in a shell that stops at the first that fails, and says all that they printed, in order. */
export function runShell(script: string, folder: string): { readonly status: number | null; readonly output: string } {
  const { status, stdout, error } = spawnSync('sh', ['-eu', '-c', `exec 2>&1\n${script}`], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, LC_ALL: 'C', TZ: 'UTC' },
    encoding: 'utf8',
    timeout: 120_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error !== undefined) throw error;
  return { status, output: stdout };
}
