import { execFile } from 'node:child_process';
import process from 'node:process';
import type { Pinger } from '../../kernel/net.ts';
import { errors } from './errors.ts';
import type { Rules } from './policy.ts';
import type { Resolver } from './resolver.ts';

export interface PingerDeps {
  readonly resolver: Resolver;
  readonly rules: Rules;
  /** Where the program is looked for. */
  readonly path?: string;
}

/** Longer than any check may take: the signal ends it before. */
const WAIT_SECONDS = 600;
const SAID_BYTES_MAX = 16 * 1024;
const SHOWN_CHARS_MAX = 120;
const ROUND_TRIP = /\btime[=<](?<ms>\d+(?:\.\d+)?) ms/;
/** As iputils and BusyBox say it. */
const FORBIDDEN = /\bsocket: (?:Operation not permitted|Permission denied)|cap_net_raw|are you root/;
const UNREACHABLE = /unreachable|No route|Packet filtered|prohibited|Time to live exceeded|Hop limit/i;

/**
 * Through the system's own `ping`: an echo request needs a right that the program has, and that this process is
 * better off without.
 */
export function createPinger({ resolver, rules, path = process.env['PATH'] ?? '' }: PingerDeps): Pinger {
  return {
    async send(host, { family, signal }) {
      if (!rules.schemes.includes('icmp')) {
        throw errors.NET_SCHEME_FORBIDDEN({ host, scheme: 'icmp', allowed: rules.schemes.join(' or ') });
      }
      const [address = host] = await resolver.resolve(host, rules, signal, family);
      const outcome = await run(['-n', '-c', '1', '-W', String(WAIT_SECONDS), address], path, signal);
      const { ms } = ROUND_TRIP.exec(outcome.said)?.groups ?? {};
      if (outcome.code !== null || ms === undefined) throw failureOf(outcome, address);
      return { address, roundTripMs: Number(ms) };
    },
  };
}

interface Outcome {
  /** What kept the program from starting, or its exit status; null when it ended well. */
  readonly code: string | number | null;
  readonly said: string;
}

/** What comes out of the program; only an abort rejects. */
function run(argv: readonly string[], path: string, signal: AbortSignal): Promise<Outcome> {
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
  const options = { env: { PATH: path, LC_ALL: 'C' }, maxBuffer: SAID_BYTES_MAX, signal };
  execFile('ping', argv, options, (error, stdout, stderr) => {
    if (signal.aborted) reject(signal.reason);
    else resolve({ code: error?.code ?? null, said: `${stdout}\n${stderr}` });
  });
  return promise;
}

function failureOf({ code, said }: Outcome, address: string): Error {
  if (code === 'ENOENT') return errors.NET_PING_MISSING({});
  // A program with a right that this process may not pass on is not even started.
  if (code === 'EPERM' || code === 'EACCES' || FORBIDDEN.test(said)) return errors.NET_PING_FORBIDDEN({});
  if (UNREACHABLE.test(said)) return systemError('EHOSTUNREACH');
  if (code === 1) return systemError('ETIMEDOUT');
  const [line = ''] = said.split('\n').filter((each) => each.startsWith('ping: '));
  return errors.NET_PING_FAILED({ address, said: JSON.stringify(line.slice(0, SHOWN_CHARS_MAX)) });
}

function systemError(code: string): Error {
  return Object.assign(new Error('No echo came back.'), { code, syscall: 'ping' });
}
