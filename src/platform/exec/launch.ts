import { spawnSync } from 'node:child_process';
import type { Command } from '../../kernel/exec.ts';
import { accountOf } from './program-user.ts';

/** What is really started. */
export interface Launch {
  readonly file: string;
  readonly args: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
  /** Another program takes up ours; what it says about that begins with its name. */
  readonly isWrapped: boolean;
}

/** Part of util-linux. */
const WRAPPER = '/usr/bin/setpriv';

/**
 * Through `setpriv` where there is one: then the kernel ends the program when we die, in whatever way, and a program
 * of another user cannot gain rights by running others. Without it, it is ours to end what we started, and a SIGKILL
 * keeps us from doing so.
 */
export function launchOf({ program, args, user = 'us', stopSignal = 'SIGKILL' }: Command): Launch {
  const account = accountOf(user);
  if (!canWrap()) return { file: program, args, ...account, isWrapped: false };
  const rights = account === undefined ? [] : [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups'];
  const limits = user === 'nobody' ? ['--no-new-privs'] : [];
  const death = ['--pdeathsig', stopSignal.slice('SIG'.length)];
  return { file: WRAPPER, args: [...rights, ...limits, ...death, '--', program, ...args], isWrapped: true };
}

let isWrapperThere: boolean | undefined;

/** BusyBox has a smaller one that cannot do it. */
function canWrap(): boolean {
  isWrapperThere ??= spawnSync(WRAPPER, ['--pdeathsig', 'KILL', '--', WRAPPER, '--version']).status === 0;
  return isWrapperThere;
}
