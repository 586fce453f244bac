import { spawn } from 'node:child_process';
import { chmodSync, chownSync, closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

/** Everything a test hook needs: `t` of a test, or `{ after }` of `node:test` for a whole file. */
export interface Ending {
  after(end: () => Promise<void>): void;
}

export interface ServerProcess {
  stop(): Promise<void>;
}

/** What the guardian is told, as JSON. */
export interface Guarded {
  /** Made by `serverFolder`; removed with everything in it when the server ends. */
  readonly folder: string;
  readonly program: string;
  readonly argv: readonly string[];
  /** What makes this server stop at once and cleanly. */
  readonly signal: NodeJS.Signals;
  readonly user: { readonly uid?: number; readonly gid?: number };
}

export interface Start extends Omit<Guarded, 'user'> {
  /** Who runs it; nobody, unless the server is one that only root can start. */
  readonly user?: Guarded['user'];
  /** Resolves true as soon as the server answers; asked again and again. */
  readonly isReady: () => Promise<boolean>;
}

const READY_MAX_MS = 30_000;
const NOBODY = 65_534;

/** PostgreSQL refuses to run as root, and no other server needs it. */
export function unprivileged(): Guarded['user'] {
  return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
}

/** A folder of its own for one server, owned by the user who runs it. */
export function serverFolder(name: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), `evenkeel-${name}-`));
  chmodSync(folder, 0o700);
  const { uid, gid } = unprivileged();
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
  return folder;
}

/** A clean environment, so that no setting of the person who runs the tests reaches a server. */
export function serverEnvironment(folder: string): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], HOME: folder, LC_ALL: 'C', TZ: 'UTC' };
}

/** Runs until `stop()`, or until this process ends in whatever way: the guardian sees to that. */
export async function startServer({ isReady, ...start }: Start): Promise<ServerProcess> {
  const log = path.join(start.folder, 'server.log');
  const output = openSync(log, 'a');
  // The guardian itself keeps our rights: others may not be able to read the folder this repository is in.
  const guarded: Guarded = { ...start, user: start.user ?? unprivileged() };
  const guardian = path.join(import.meta.dirname, 'guardian.ts');
  const child = spawn(process.execPath, [guardian, JSON.stringify(guarded)], {
    env: serverEnvironment(start.folder),
    stdio: ['pipe', output, output],
    detached: true,
  });
  closeSync(output);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  // A server that is shared by a whole test file must not keep its process alive.
  child.unref();
  if (child.stdin instanceof Socket) child.stdin.unref();

  const stop = async (): Promise<void> => {
    child.ref();
    child.stdin?.end();
    await ended;
  };
  await waitUntilReady({ isReady, hasEnded: () => child.exitCode !== null, stop, log });
  return { stop };
}

interface Waiting extends Pick<Start, 'isReady'>, Pick<ServerProcess, 'stop'> {
  readonly hasEnded: () => boolean;
  readonly log: string;
}

async function waitUntilReady({ isReady, hasEnded, stop, log }: Waiting): Promise<void> {
  const giveUpAt = Date.now() + READY_MAX_MS;
  let said = '';
  while (!(await isReady())) {
    said = readIfThere(log) ?? said;
    if (hasEnded() || Date.now() > giveUpAt) {
      await stop();
      throw new Error(`The server did not start. It said:\n${said}`);
    }
    await sleep(20);
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** A port nobody listens on now. Somebody else may take it first, hence `onFreePort`. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

/** Servers that cannot listen on port 0 lose a race now and then; the next free port settles it. */
export async function onFreePort<Started>(start: (port: number) => Promise<Started>, attempts = 3): Promise<Started> {
  try {
    return await start(await freePort());
  } catch (error) {
    if (attempts <= 1 || !String(error).includes('ddress already in use')) throw error;
    return onFreePort(start, attempts - 1);
  }
}
