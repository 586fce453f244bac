import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { eventually } from './eventually.ts';
import { type Served, temporaryFolder } from './serve-process.ts';

const PROGRAM = path.resolve(import.meta.dirname, '../../bin/evenkeel.js');

export interface Probe {
  readonly child: ChildProcess;
  /** Everything it has logged so far. */
  output(): string;
  /** Resolves with the code it ends with. */
  ended(): Promise<number | null>;
}

export interface ProbeSettings {
  readonly url: string;
  readonly token: string;
  /** Where it keeps its results. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A real probe in a process of its own. */
export async function startProbe(t: TestContext, settings: ProbeSettings): Promise<Probe> {
  const probe = spawnProbe(t, settings);
  await eventually(() => {
    if (!probe.output().includes('The probe is running.')) throw new Error(`It is not running:\n${probe.output()}`);
  });
  return probe;
}

/** For probes that are not expected to run. */
export function spawnProbe(t: TestContext, { url, token, folder, env = {} }: ProbeSettings): Probe {
  const own = { EVENKEEL_URL: url, EVENKEEL_TOKEN: token, EVENKEEL_LOG_FORMAT: 'json' };
  const child = spawn(process.execPath, [PROGRAM, 'probe'], {
    cwd: folder,
    env: { ...process.env, ...own, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  const end = once(child, 'exit');
  t.after(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await end;
  });
  return { child, output: () => text, ended: async () => (await end)[0] };
}

export function probeFolder(t: TestContext): string {
  return temporaryFolder(t);
}

/** The token of a new probe. */
export async function tokenFor(served: Served, location: string): Promise<string> {
  const asked = `token create --name ${location} --kind probe --location ${location}`;
  const { stdout, code } = await served.cli(asked.split(' '));
  if (code !== 0) throw new Error(`There is no token: ${code}`);
  return stdout.trim();
}

/** What one location sees of the application: a server whose answer a test decides. */
export async function view(t: TestContext): Promise<{ readonly url: string; status: number; asked: number }> {
  const seen = { url: '', status: 200, asked: 0 };
  const server = createServer((_request, response) => {
    seen.asked += 1;
    response.writeHead(seen.status).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  seen.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return seen;
}
