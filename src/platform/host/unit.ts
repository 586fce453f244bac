import process from 'node:process';
import type { Readable } from 'node:stream';
import type { Exec } from '../../kernel/exec.ts';
import type { UnitNow } from '../../kernel/host.ts';
import { errors } from './errors.ts';

const PROPERTIES = ['LoadState', 'ActiveState', 'SubState', 'Result', 'NRestarts', 'StateChangeTimestampMonotonic'];
const SHOWN_CHARS_MAX = 80;
const SAID_BYTES_MAX = 64 * 1024;

interface UnitDeps {
  readonly exec: Pick<Exec, 'find' | 'run'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What `systemctl show` says of a unit; org.freedesktop.systemd1(5) describes the properties. */
export async function readUnit(name: string, { exec, now }: UnitDeps, signal: AbortSignal): Promise<UnitNow> {
  const program = await exec.find('systemctl');
  if (program === undefined) throw errors.HOST_SYSTEMD_UNREACHABLE({ cause: 'there is no systemctl' });
  const args = ['show', '--no-pager', `--property=${PROPERTIES.join(',')}`, '--', name];
  const running = exec.run({ program, args, signal });
  running.stdin.end();
  const [said, { code, stderr }] = await Promise.all([firstOf(running.stdout), running.ended]);
  signal.throwIfAborted();
  if (code !== 0) throw refusalOf(stderr);
  const properties = new Map(
    said.split('\n').flatMap((line) => {
      const at = line.indexOf('=');
      return at === -1 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
    }),
  );
  const property = (key: string) => properties.get(key) ?? '';
  const changed = Number(property('StateChangeTimestampMonotonic'));
  return {
    loadState: property('LoadState'),
    activeState: property('ActiveState'),
    subState: property('SubState'),
    result: property('Result'),
    restarts: Number(property('NRestarts')) || 0,
    since: changed > 0 ? now() - (monotonicMs() - changed / 1_000) : null,
  };
}

/** It says a few lines; whoever says more is not systemctl, and ends when nobody listens any more. */
async function firstOf(stdout: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stdout) {
      const bytes = Buffer.from(chunk);
      chunks.push(bytes);
      length += bytes.length;
      if (length > SAID_BYTES_MAX) break;
    }
  } catch {
    // It was ended, and what made us do so is told by the signal.
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** On the clock that systemd goes by: what it prints as a date would have to be read in some zone and language. */
function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1_000_000;
}

function refusalOf(stderr: string): Error {
  const line = stderr.trim().split('\n')[0] ?? '';
  const cause = /not been booted with systemd|Failed to connect to bus|Host is down/i.test(stderr)
    ? 'it was not started with systemd'
    : `systemctl says ${JSON.stringify(line.slice(0, SHOWN_CHARS_MAX))}`;
  return errors.HOST_SYSTEMD_UNREACHABLE({ cause });
}
