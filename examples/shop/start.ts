import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { PUBLIC_SECRET } from './chat/signature.ts';
import { type Part, PORT_VARIABLE, type Ports } from './ports.ts';
import { type Fault, turnSwitch } from './service/fault.ts';

export interface ShopSettings {
  /** Where SQLite keeps its file. */
  readonly dataDir: string;
  /** Where the parts listen on 127.0.0.1; 0 takes any free port. */
  readonly ports: Ports;
  /** Gets every line the parts log; each is one JSON object. */
  readonly log: (line: string) => void;
  /** Gives up starting, and stops what runs. */
  readonly signal: AbortSignal;
  /** PostgreSQL instead of SQLite. */
  readonly databaseUrl?: string | undefined;
  /** Told by the worker after each good run. */
  readonly pingUrl?: string | undefined;
  /** What messages to the team chat are signed with. */
  readonly chatSecret?: string | undefined;
}

export interface Shop {
  readonly urls: Readonly<Record<Part, string>>;
  /** Breaks a part, or mends it with `off`, as `break.ts` does. Rejects when it does not answer. */
  turnSwitch(part: Part, fault: Fault): Promise<void>;
  /** Ends all parts and resolves when they are gone. Safe to call twice. */
  stop(): Promise<void>;
}

const READY_MS = 15_000;
const HEALTH_EVERY_MS = 25;
const STOP_MS = 6_000;

/** Starts all processes and resolves when each of them says it is healthy. */
export async function startShop(settings: ShopSettings): Promise<Shop> {
  const { dataDir, ports, log, databaseUrl = '', pingUrl = '', chatSecret = PUBLIC_SECRET } = settings;
  const signal = AbortSignal.any([settings.signal, AbortSignal.timeout(READY_MS)]);
  const children: ChildProcess[] = [];
  const killAll = () => children.forEach((child) => child.kill('SIGKILL'));
  process.once('exit', killAll);

  async function stop(): Promise<void> {
    settings.signal.removeEventListener('abort', onAbort);
    // In the reverse order of their start: what others need goes last.
    for (const child of children.toReversed()) await end(child);
    process.off('exit', killAll);
  }
  const onAbort = () => void stop();

  async function startPart(part: Part, variables: Readonly<Record<string, string>>): Promise<string> {
    const child = spawnPart(part, { ...variables, [PORT_VARIABLE[part]]: String(ports[part]) }, log);
    children.push(child);
    const url = `http://127.0.0.1:${await portOf(part, child, signal)}`;
    await untilHealthy(part, url, signal);
    return url;
  }

  try {
    const [chat, api] = await Promise.all([
      startPart('chat', { CHAT_SECRET: chatSecret }),
      startPart('api', { SHOP_DATA_DIR: dataDir, DATABASE_URL: databaseUrl }),
    ]);
    const [web, worker] = await Promise.all([
      startPart('web', { API_URL: api }),
      startPart('worker', { API_URL: api, WORKER_PING_URL: pingUrl }),
    ]);
    settings.signal.addEventListener('abort', onAbort);
    const urls = { chat, web, api, worker };
    return { urls, stop, turnSwitch: (part, fault) => turn(urls[part], fault) };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function turn(url: string, fault: Fault): Promise<void> {
  if (!(await turnSwitch(new URL(url).port, fault))) throw new Error(`Nothing breakable answers at ${url}.`);
}

/** A process of its own that sees only the variables it needs, and that ends when we do: see `service/process.ts`. */
function spawnPart(part: Part, variables: Readonly<Record<string, string>>, log: (line: string) => void): ChildProcess {
  // Published, these files are `.js`.
  const main = path.join(import.meta.dirname, part, `main${path.extname(import.meta.filename)}`);
  const child = spawn(process.execPath, [main], {
    env: { NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'], SHOP_BREAKABLE: '1', ...variables },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null) createInterface({ input: stream }).on('line', log);
  }
  return child;
}

/** The part tells us its port once it listens. */
async function portOf(part: Part, child: ChildProcess, signal: AbortSignal): Promise<number> {
  const ended = new AbortController();
  const onExit = () => ended.abort(new Error(`The ${part} of the shop ended before it was ready; its log says why.`));
  child.once('exit', onExit);
  child.once('error', onExit);
  try {
    const [message] = await once(child, 'message', { signal: AbortSignal.any([signal, ended.signal]) });
    return Number(message.port);
  } catch (error) {
    throw ended.signal.aborted ? ended.signal.reason : error;
  } finally {
    child.off('exit', onExit);
  }
}

async function untilHealthy(part: Part, url: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const response = await fetch(`${url}/health`, { signal }).catch(() => undefined);
    if (response?.ok === true) return;
    if (signal.aborted) throw new Error(`The ${part} of the shop did not become healthy.`, { cause: signal.reason });
    await sleep(HEALTH_EVERY_MS);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const patience = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await gone;
  clearTimeout(patience);
}
