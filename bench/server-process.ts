import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ServerCommand {
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Answers 200 once the server serves. */
  readonly url: string;
}

export interface RunningServer {
  /** From the start of the process to the first 200. */
  readonly startMs: number;
  /** How much of that it stood ready while others had the processor; null where the system does not tell. */
  readonly startWaitedMs: number | null;
  readonly memory: () => Memory | null;
  stop(): Promise<void>;
}

/** In megabytes (10^6 bytes). `pss` counts what is shared with other processes in proportion. */
export interface Memory {
  readonly rss: number;
  readonly pss: number;
}

const ASK_EVERY_MS = 4;
const START_MAX_MS = 30_000;

/** Starts a Node program that serves, and asks it until it answers. */
export async function startNode({ argv, environment, url }: ServerCommand): Promise<RunningServer> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, argv, {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => said.push(String(text)));
  while (!(await answersOk(url))) {
    const hasFailed = child.exitCode !== null || performance.now() - startedAt > START_MAX_MS;
    if (!hasFailed) await sleep(ASK_EVERY_MS);
    else throw await failed(child, said);
  }
  return {
    startMs: performance.now() - startedAt,
    startWaitedMs: waitedMs(child.pid ?? 0),
    memory: () => memoryOf(child.pid ?? 0),
    stop: () => stop(child),
  };
}

function answersOk(url: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const request = get(url, { agent: false }, (response) => {
    response.resume();
    resolve(response.statusCode === 200);
  });
  request.once('error', () => resolve(false));
  return promise;
}

async function failed(child: ChildProcess, said: readonly string[]): Promise<Error> {
  await stop(child);
  return new Error(`The server did not start. It said:\n${said.join('')}`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** Of the main thread, which is the one that starts us. Null anywhere but on Linux. */
function waitedMs(pid: number): number | null {
  if (process.platform !== 'linux') return null;
  const [, waitedNs] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ');
  return Number(waitedNs) / 1e6;
}

/** Null anywhere but on Linux. */
function memoryOf(pid: number): Memory | null {
  if (process.platform !== 'linux') return null;
  const lines = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const megabytes = (name: string) =>
    (Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(lines)?.[1]) * 1_024) / 1e6;
  return { rss: megabytes('Rss'), pss: megabytes('Pss') };
}
