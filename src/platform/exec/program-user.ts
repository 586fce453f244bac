import { readFileSync } from 'node:fs';
import process from 'node:process';
import type { ProgramUser } from '../../kernel/exec.ts';

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** The account made for this, when there is one: `nobody` may be shared with other programs of this machine. */
const NAMES = ['evenkeel-restore', 'nobody'];
const NOBODY: Account = { uid: 65_534, gid: 65_534 };

/** Undefined means: as we are. */
export function accountOf(user: ProgramUser, passwd = '/etc/passwd'): Account | undefined {
  if (user === 'us' || process.getuid?.() !== 0) return undefined;
  const accounts = accountsIn(textOf(passwd));
  return NAMES.flatMap((name) => accounts.get(name) ?? [])[0] ?? NOBODY;
}

function accountsIn(text: string): ReadonlyMap<string, Account> {
  const lines = text.matchAll(/^(?<name>[^:\n]+):[^:\n]*:(?<uid>\d+):(?<gid>\d+):/gm);
  return new Map([...lines].map(({ groups = {} }) => [groups['name'] ?? '', account(groups)]));
}

function account(groups: Readonly<Record<string, string | undefined>>): Account {
  return { uid: Number(groups['uid']), gid: Number(groups['gid']) };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
