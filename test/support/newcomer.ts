import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import { ROOT } from './documents.ts';
import { eventually } from './eventually.ts';
import { freePort } from './servers/server.ts';

export interface Newcomer {
  readonly folder: string;
  readonly address: string;
  readonly appPort: number;
  /** Resolves with what it said on standard output; fails when it fails. */
  run(command: string): Promise<string>;
  start(program: string, argv: readonly string[], variables?: Readonly<Record<string, string>>): ChildProcess;
  /** Resolves with how to end it. */
  serve(): Promise<() => Promise<void>>;
}

/** Somebody with an empty project, a home of their own, and Evenkeel installed as the README says. */
export async function newcomer(t: TestContext, variables: Readonly<Record<string, string>> = {}): Promise<Newcomer> {
  const home = mkdtempSync(path.join(tmpdir(), 'evenkeel-newcomer-'));
  const folder = path.join(home, 'project');
  mkdirSync(folder);
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const port = await freePort();
  const env = {
    PATH: [path.join(home, 'bin'), path.dirname(process.execPath), process.env['PATH']].join(path.delimiter),
    HOME: home,
    EVENKEEL_PORT: String(port),
    npm_config_prefix: home,
    npm_config_cache: path.join(home, 'npm'),
    npm_config_offline: 'true',
    ...variables,
  };
  const start: Newcomer['start'] = (program, argv, more = {}) => {
    const child = spawn(program, argv, { cwd: folder, env: { ...env, ...more }, stdio: 'ignore' });
    t.after(async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill();
      await once(child, 'exit');
    });
    return child;
  };
  await promisify(execFile)('npm', ['install', '--global', '.'], { cwd: ROOT, env });
  const address = `http://127.0.0.1:${port}`;

  return {
    folder,
    address,
    appPort: await freePort(),
    start,
    async run(command) {
      const [program = '', ...argv] = command.split(' ');
      return (await promisify(execFile)(program, argv, { cwd: folder, env })).stdout;
    },
    async serve() {
      const child = start('evenkeel', ['serve']);
      await eventually(async () => assert.equal((await fetch(`${address}/health`)).status, 200));
      return async () => {
        child.kill();
        await once(child, 'exit');
      };
    },
  };
}
