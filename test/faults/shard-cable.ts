import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { MANIFEST } from './shard-workers.ts';

/** A second machine, as far as its network goes, at the end of a cable that can be pulled. */
export interface FarMachine {
  /** Of this machine, as seen from there. */
  readonly hereAddress: string;
  /** Nothing arrives any more, in either direction, and nobody is told. */
  pull(): void;
  plug(): void;
  startWorker(name: string, env: Readonly<Record<string, string>>): Promise<void>;
  /** Makes a port of this machine's loopback reachable from there; resolves with its address. */
  reach(port: number): Promise<string>;
}

const PROGRAM = path.resolve(import.meta.dirname, '../../bin/evenkeel.js');

/** Only root may do this. */
export function farMachine(t: TestContext): FarMachine {
  const number = process.pid % 250;
  const [space, near, far] = [`ek-${process.pid}`, `ekn${process.pid}`, `ekf${process.pid}`];
  const hereAddress = `10.213.${number}.1`;
  t.after(() => {
    ip(`link del ${near}`);
    ip(`netns del ${space}`);
  });
  ip(`netns add ${space}`);
  ip(`link add ${near} type veth peer name ${far} netns ${space}`);
  ip(`addr add ${hereAddress}/30 dev ${near}`);
  ip(`link set ${near} up`);
  ip(`-n ${space} addr add 10.213.${number}.2/30 dev ${far}`);
  ip(`-n ${space} link set ${far} up`);
  ip(`-n ${space} link set lo up`);

  return {
    hereAddress,
    pull: () => ip(`link set ${near} down`),
    plug: () => ip(`link set ${near} up`),
    startWorker: (name, env) => startWorker(t, ['netns', 'exec', space], { ...env, WORKER: name }),
    reach: (port) => forwarded(t, hereAddress, port),
  };
}

function ip(command: string): void {
  execFileSync('ip', command.split(' '), { stdio: 'pipe' });
}

async function startWorker(
  t: TestContext,
  there: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const home = mkdtempSync(path.join(tmpdir(), 'evenkeel-far-'));
  writeFileSync(path.join(home, 'evenkeel.yaml'), MANIFEST);
  const argv = [...there, process.execPath, PROGRAM, 'serve', '--roles', 'checks'];
  const child = spawn('ip', argv, { cwd: home, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    rmSync(home, { recursive: true });
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += String(chunk);
  });
  await eventually(() => {
    if (!output.includes('Evenkeel is running.')) throw new Error(`It is not running yet:\n${output}`);
  });
}

async function forwarded(t: TestContext, address: string, port: number): Promise<string> {
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
    t.after(() => void near.destroy());
  }).listen(0, address);
  await once(server, 'listening');
  t.after(() => void server.close());
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server's address is never a string
  return `${address}:${(server.address() as AddressInfo).port}`;
}
