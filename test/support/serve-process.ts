import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { eventually } from './eventually.ts';

const PROGRAM = path.resolve(import.meta.dirname, '../../bin/evenkeel.js');

export interface ServeSettings {
  /** Where it is started: the manifest and the data folder are there. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

/** A real server in a process of its own, on a free port. */
export interface Served {
  readonly child: ChildProcess;
  /** Of the page; null when this process has none. */
  readonly address: string | null;
  /** Everything it has logged so far. */
  output(): string;
  /** Runs a command against it, over its socket. */
  cli(args: readonly string[]): Promise<{ readonly stdout: string; readonly code: number | null }>;
}

export async function startServe(t: TestContext, settings: ServeSettings): Promise<Served> {
  const { child, output } = spawnServe(t, settings);
  let address: string | null | undefined;
  await eventually(() => {
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}:\n${output()}`);
    address = startedAt(output());
  });
  return {
    child,
    address: address ?? null,
    output,
    async cli(args) {
      const options = { cwd: settings.folder, stdio: ['ignore', 'pipe', 'inherit'] as const };
      const command = spawn(process.execPath, [PROGRAM, ...args], { ...options, stdio: [...options.stdio] });
      const [chunks, [code]] = await Promise.all([command.stdout?.toArray() ?? [], once(command, 'close')]);
      return { stdout: Buffer.concat(chunks).toString(), code };
    },
  };
}

/** For starts that must fail: what it said, and the code it ended with. */
startServe.expectingRefusal = async (t: TestContext, settings: ServeSettings) => {
  const { child, output } = spawnServe(t, settings);
  const [code] = await once(child, 'close');
  return { code, output: output() };
};

export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-serve-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function spawnServe(t: TestContext, { folder, env = {}, args = [] }: ServeSettings) {
  const child = spawn(process.execPath, [PROGRAM, 'serve', '--port', '0', ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  t.after(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  return { child, output: () => text };
}

/** The address it logged when it was running; throws as long as it is not. */
function startedAt(output: string): string | null {
  const line = output.split('\n').find((candidate) => candidate.includes('Evenkeel is running.'));
  if (line === undefined) throw new Error(`It is not running yet:\n${output}`);
  return JSON.parse(line).address;
}
