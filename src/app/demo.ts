import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { MonitorNow } from '../contracts/facts.ts';
import type { DemoOptions } from '../faces/cli/context.ts';
import { SECOND_MS } from '../kernel/clock.ts';
import type { Monitoring } from '../monitoring/index.ts';
import { createLog } from '../platform/log/pino-log.ts';
import { createNet } from '../platform/net/net.ts';
import { systemClock as clock } from '../platform/system-clock.ts';
import { localAddress } from './address.ts';
import { takeAndProve } from './demo-backup.ts';
import { demoConfig } from './demo-config.ts';
import { type RehearsalStep, rehearse } from './demo-rehearsal.ts';
import * as report from './demo-report.ts';
import { choosePorts, type DemoShop, localUrl, shopVariables, startShop, unusualPort } from './demo-shop.ts';
import { createEvenkeel, type Evenkeel } from './evenkeel.ts';
import { createOfflineKeys } from './keys.ts';
import { ROLES } from './roles.ts';
import type { ServeDeps } from './serve.ts';
import { stopRequested } from './signals.ts';

const FIRST_LOOK_MS_MAX = 8 * SECOND_MS;
const FIRST_LOOK_AGAIN_MS = 250;
const CHAT_KEY_BYTES = 32;

/** The example shop and an Evenkeel that looks after it, until Ctrl-C. */
export async function demo(options: DemoOptions, { folder, variables }: ServeDeps): Promise<void> {
  const ending = new AbortController();
  const stopping = stopRequested().then(() => ending.abort());
  say(report.beginning);
  const { signal } = ending;
  const { config, keys } = await demoConfig(options, { folder, variables }, createOfflineKeys(clock));
  const { dataDir } = config;
  const logFile = path.join(dataDir, 'demo.log');
  // Closes everything in the reverse order: the shop first, so that its end is no outage.
  await using closing = new AsyncDisposableStack();
  const logHandle = closing.use(await open(logFile, 'a', 0o600));
  const write = (line: string) => void logHandle.write(line).catch(() => undefined);

  const ports = await choosePorts();
  const chatSecret = `whsec_${randomBytes(CHAT_KEY_BYTES).toString('base64')}`;
  const evenkeel = closing.adopt(
    await createEvenkeel({
      config,
      variables: { ...variables, ...keys, ...shopVariables({ ports, dataDir, chatSecret }) },
      roles: ROLES,
      clock,
      log: createLog({ level: config.logLevel, format: 'json', write }),
      net: createNet({ policy: 'manifest', clock }),
    }),
    (running) => running.stop(),
  );
  await unlessEnding(signal, async () => {
    // The shop before the checks: one that finds nothing would greet the newcomer with a failure.
    const pingUrl = `${localAddress(config)}/ping/${await evenkeel.monitoring.pingKeyOf('fulfilment')}`;
    const shop = await startShop({ ports, dataDir, chatSecret, write, pingUrl, signal }, logFile);
    closing.defer(() => shop.stop());
    const { address } = await evenkeel.start();
    const places = { page: address ?? '', chat: localUrl(ports.chat), shop: localUrl(ports.web) };
    const shownFolder = asTyped(dataDir, folder);
    say(report.firstResults({ ...places, dataDir: shownFolder }, await firstLook(evenkeel.monitoring, signal)));
    await showBackup(evenkeel, signal);
    if (!options.skipRehearsal) await showAlert(evenkeel, shop, signal);
    say(report.whatNext({ dataDir: shownFolder }, unusualPort('api', ports)));
  });
  await stopping;
  say(report.ending);
}

/** Somebody who ends the demonstration half-way has made no mistake. */
async function unlessEnding(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Something is known of everything soon: the worker needs a few seconds to have something to tell. */
async function firstLook(monitoring: Monitoring, signal: AbortSignal): Promise<readonly MonitorNow[]> {
  const giveUpAt = clock.ticks() + FIRST_LOOK_MS_MAX;
  for (;;) {
    for (const { name } of await monitoring.facts.monitors()) await monitoring.checkNow(name);
    const monitors = await monitoring.facts.monitors();
    if (monitors.every(({ state }) => state !== 'unknown') || clock.ticks() > giveUpAt) return monitors;
    await clock.sleep(FIRST_LOOK_AGAIN_MS, signal);
  }
}

async function showBackup({ backups }: Evenkeel, signal: AbortSignal): Promise<void> {
  say(report.backupBegins);
  say(report.backupResult(await takeAndProve('db', { backups, clock, signal })));
}

async function showAlert({ alerting, delivery }: Evenkeel, shop: DemoShop, signal: AbortSignal): Promise<void> {
  say(report.rehearsalBegins);
  const tell = (step: RehearsalStep) => say(report.rehearsalLine(step));
  await rehearse({ alerting: alerting.facts, delivery: delivery.facts, shop, clock, signal, say: tell });
}

function asTyped(file: string, folder: string): string {
  const relative = path.relative(folder, file);
  return relative.startsWith('..') ? file : relative;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
