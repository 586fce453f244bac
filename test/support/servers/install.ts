import { execFileSync } from 'node:child_process';
import { accessSync, constants, globSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';

export interface Program {
  /** The file to run, e.g. `redis-server`. */
  readonly name: string;
  /** What Debian and Ubuntu call the packages that bring it. */
  readonly packages: readonly string[];
  /** Where it lives beside the PATH; patterns allowed, the last match in order of versions wins. */
  readonly folders?: readonly string[];
}

// Services must not start by themselves: `policy-rc.d` is how Debian's packages ask whether they may.
const INSTALL = `
set -e
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod 755 "$policy"
fi
apt-get -q -o DPkg::Lock::Timeout=300 update
apt-get -q -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@"
`;

/** The path of a program that tests need. Root on Debian or Ubuntu gets it installed; others are told the command. */
export function requireProgram(program: Program): string {
  const found = find(program);
  if (found !== undefined) return found;
  const isRoot = process.getuid?.() === 0;
  const hasApt = find({ name: 'apt-get', packages: [] }) !== undefined;
  if (!isRoot || !hasApt) throw missing(program);

  writeSync(process.stderr.fd, `Installing ${program.packages.join(' ')} for the tests …\n`);
  // Test files run side by side: the lock makes one of them install and the others wait.
  const lock = path.join(tmpdir(), 'evenkeel-test-install.lock');
  execFileSync('flock', [lock, 'sh', '-c', INSTALL, 'install', ...program.packages], { stdio: 'pipe' });

  const installed = find(program);
  if (installed === undefined) throw missing(program);
  return installed;
}

function find({ name, folders = [] }: Program): string | undefined {
  const known = folders.flatMap((folder) => [...globSync(folder)].toSorted(byVersion).toReversed());
  const onPath = (process.env['PATH'] ?? '').split(path.delimiter).filter(Boolean);
  return [...known, ...onPath].map((folder) => path.join(folder, name)).find(isExecutable);
}

function byVersion(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function missing({ name, packages }: Program): Error {
  return new Error(
    `The tests need ${name}, which is not installed. ` +
      `Install it with: sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`,
  );
}
