import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { MonitorNow } from '../contracts/facts.ts';
import type { DemoOptions } from '../faces/cli/context.ts';
import { SECOND_MS } from '../kernel/clock.ts';
import { messageOf } from '../kernel/errors.ts';
import type { Monitoring } from '../monitoring/index.ts';
import { createLog } from '../platform/log/pino-log.ts';
import { createNet } from '../platform/net/net.ts';
import { systemClock } from '../platform/system-clock.ts';
import { freePort, localAddress, withChosenPort } from './address.ts';
import { type Config, readConfig, type Variables } from './config.ts';
import { firstResults } from './demo-report.ts';
import { errors } from './errors.ts';
import { createEvenkeel } from './evenkeel.ts';
import { ROLES } from './roles.ts';
import { type ServeDeps, typed } from './serve.ts';
import { stopRequested } from './signals.ts';
import { PACKAGE_ROOT } from './version.ts';

const SHOP = path.join(PACKAGE_ROOT, 'examples/shop');

/** The parts of examples/shop/start.ts that the demonstration uses; it is another program, loaded only here. */
interface ShopModule {
  startShop(settings: {
    readonly dataDir: string;
    readonly ports: Readonly<Record<string, number>>;
    readonly log: (line: string) => void;
    readonly signal: AbortSignal;
    readonly pingUrl: string;
  }): Promise<{ stop(): Promise<void> }>;
}

const FIRST_LOOK_MS_MAX = 8 * SECOND_MS;
const FIRST_LOOK_AGAIN_MS = 250;
const SHOP_PORTS = { web: 7380, api: 7381, worker: 7382, chat: 7383 } as const;

/** The example shop and an Evenkeel that watches it, until Ctrl-C. */
export async function demo(options: DemoOptions, { folder, variables }: ServeDeps): Promise<void> {
  say('\n  Starting the example shop, and an Evenkeel that watches it.');
  const ports = await portsFor(SHOP_PORTS);
  const config = await demoConfig(options, { folder, variables });
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  await using logFile = await open(path.join(config.dataDir, 'demo.log'), 'a', 0o600);
  const write = (line: string) => void logFile.write(line).catch(() => undefined);

  const ending = new AbortController();
  const stopping = stopRequested().then(() => ending.abort());
  const evenkeel = await createEvenkeel({
    config,
    variables: { ...variables, ...addressesOf(ports) },
    roles: ROLES,
    clock: systemClock,
    log: createLog({ level: config.logLevel, format: 'json', write }),
    net: createNet({ policy: 'manifest', clock: systemClock }),
  });
  let shop: { stop(): Promise<void> } | undefined;
  try {
    // The shop first: a first check that finds nothing would greet the newcomer with a failure.
    const pingKey = await evenkeel.monitoring.pingKeyOf('fulfilment');
    const pingUrl = `${localAddress(config)}/ping/${pingKey}`;
    shop = await startShop({ ports, dataDir: config.dataDir, write, pingUrl, signal: ending.signal });
    const { address } = await evenkeel.start();
    const monitors = await firstLook(evenkeel.monitoring);
    const apiPort = ports['api'] === SHOP_PORTS.api ? null : (ports['api'] ?? null);
    say(firstResults({ address: address ?? '', dataDir: asTyped(config.dataDir, folder), monitors, apiPort }));
    await stopping;
    say('\n  Stopping the shop and Evenkeel.\n');
  } finally {
    try {
      await shop?.stop();
    } finally {
      await evenkeel.stop();
    }
  }
}

/** Something is known of everything soon: the worker needs a few seconds to have something to tell. */
async function firstLook(monitoring: Monitoring): Promise<readonly MonitorNow[]> {
  const giveUpAt = systemClock.ticks() + FIRST_LOOK_MS_MAX;
  for (;;) {
    for (const { name } of await monitoring.facts.monitors()) await monitoring.checkNow(name);
    const monitors = await monitoring.facts.monitors();
    if (monitors.every(({ state }) => state !== 'unknown') || systemClock.ticks() > giveUpAt) return monitors;
    await systemClock.sleep(FIRST_LOOK_AGAIN_MS);
  }
}

/** The worker has to be told where to ping before anything listens, so a free port is chosen here. */
async function demoConfig(options: DemoOptions, { folder, variables }: ServeDeps): Promise<Config> {
  const wanted = { EVENKEEL_DATA_DIR: '.evenkeel/demo', ...variables, ...typed({ ...options, manifest: undefined }) };
  const config = readConfig({ ...wanted, EVENKEEL_MANIFEST: path.join(SHOP, 'evenkeel.yaml') }, folder);
  return withChosenPort(config);
}

function addressesOf(ports: Readonly<Record<string, number>>): Variables {
  const entries = Object.entries(ports);
  return Object.fromEntries(
    entries.map(([part, port]) => [`SHOP_${part.toUpperCase()}_URL`, `http://127.0.0.1:${port}`]),
  );
}

function asTyped(file: string, folder: string): string {
  const relative = path.relative(folder, file);
  return relative.startsWith('..') ? file : relative;
}

interface ShopStart {
  readonly ports: Readonly<Record<string, number>>;
  readonly dataDir: string;
  readonly write: (line: string) => void;
  readonly pingUrl: string;
  readonly signal: AbortSignal;
}

async function startShop({ ports, dataDir, write, pingUrl, signal }: ShopStart) {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the example is a program of its own, outside the floors
  const { startShop: start } = (await import(
    pathToFileURL(path.join(SHOP, `start${path.extname(import.meta.filename)}`)).href
  )) as ShopModule;
  try {
    const log = (line: string) => write(`${line}\n`);
    return await start({ dataDir, ports, log, signal, pingUrl });
  } catch (cause) {
    const log = path.join(dataDir, 'demo.log');
    throw errors.DEMO_SHOP_FAILED({ cause: messageOf(cause), log }, { cause });
  }
}

/** The usual ports, or any free ones where somebody has taken them. */
async function portsFor(usual: Readonly<Record<string, number>>): Promise<Record<string, number>> {
  const entries = Object.entries(usual).map(async ([part, port]) => [
    part,
    (await freePort(port)) ?? (await freePort(0)),
  ]);
  return Object.fromEntries(await Promise.all(entries));
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
