import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs';
import { request } from 'node:http';
import path from 'node:path';
import { promisify } from 'node:util';
import { removeControlGroup } from './control-groups.ts';
import { requireProgram } from './install.ts';
import { type Ending, serverFolder, startServer } from './server.ts';

/**
 * In name spaces of its own: with its first process everything goes that was started or mounted there, however that
 * process ends. Containers get no network. None may be paused: the frozen cannot be ended.
 */
const ISOLATED = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
const IMAGE = 'evenkeel-test:1';

export interface Docker {
  /** `unix://…` */
  readonly engine: string;
  /** Starts a container that runs `script` in a shell until somebody ends it; `options` are those of `docker run`. */
  run(name: string, script: string, options?: readonly string[]): Promise<void>;
  control(...args: readonly string[]): Promise<string>;
}

/** A real Docker with an image of nothing but BusyBox. Only root can start it. */
export async function startDocker(ending: Ending): Promise<Docker> {
  requireProgram({ name: 'dockerd', packages: ['docker.io'], folders: ['/usr/sbin'] });
  const client = requireProgram({ name: 'docker', packages: ['docker.io'] });
  const busybox = requireProgram({ name: 'busybox', packages: ['busybox-static'] });
  const folder = serverFolder('docker');
  const socket = path.join(folder, 'docker.sock');
  const group = path.basename(folder);
  const server = await startServer({
    folder,
    program: 'unshare',
    argv: [...ISOLATED, 'dockerd', ...daemonOptions(folder, socket, group)],
    signal: 'SIGKILL',
    user: {},
    isReady: () => answers(socket),
  });
  ending.after(async () => {
    await server.stop();
    await removeControlGroup(group);
  });
  const engine = `unix://${socket}`;
  const control = async (...args: readonly string[]) =>
    (await promisify(execFile)(client, ['--host', engine, ...args])).stdout.trim();
  importImage(client, engine, { folder, busybox });
  return {
    engine,
    control,
    async run(name, script, options = []) {
      const fixed = ['run', '--detach', '--network', 'none', '--name', name];
      await control(...fixed, ...options, IMAGE, '/bin/sh', '-c', script);
    },
  };
}

function daemonOptions(folder: string, socket: string, group: string): readonly string[] {
  const own = ['--data-root', path.join(folder, 'data'), '--exec-root', path.join(folder, 'exec')];
  const listening = ['--host', `unix://${socket}`, '--pidfile', path.join(folder, 'pid')];
  const networks = ['--bridge=none', '--iptables=false', '--ip6tables=false'];
  return [...own, ...listening, ...networks, '--storage-driver=vfs', `--cgroup-parent=/${group}`];
}

function importImage(client: string, engine: string, { folder, busybox }: { folder: string; busybox: string }): void {
  const programs = path.join(folder, 'image/bin');
  mkdirSync(programs, { recursive: true });
  copyFileSync(busybox, path.join(programs, 'busybox'));
  for (const name of ['sh', 'sleep', 'true', 'false', 'test']) symlinkSync('busybox', path.join(programs, name));
  const archive = execFileSync('tar', ['-c', '-C', path.join(folder, 'image'), '.'], { maxBuffer: 64 * 1024 * 1024 });
  const { status, stderr } = spawnSync(client, ['--host', engine, 'import', '-', IMAGE], { input: archive });
  if (status !== 0) throw new Error(`The image could not be imported: ${stderr.toString()}`);
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asking = request({ socketPath, path: '/_ping' }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asking.once('error', () => resolve(false)).end();
  });
}
