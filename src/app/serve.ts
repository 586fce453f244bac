import type { ServeOptions } from '../faces/cli/context.ts';
import { SECOND_MS } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import type { Secret } from '../kernel/secret.ts';
import { createLog } from '../platform/log/pino-log.ts';
import { createNet } from '../platform/net/net.ts';
import { releaseSpareMemory } from '../platform/spare-memory.ts';
import { systemClock } from '../platform/system-clock.ts';
import { withChosenPort } from './address.ts';
import { type Config, readConfig, type Variables } from './config.ts';
import { createEvenkeel, type Evenkeel } from './evenkeel.ts';
import { ROLES } from './roles.ts';
import { onHangup, stopRequested } from './signals.ts';

export interface ServeDeps {
  readonly folder: string;
  readonly variables: Variables;
}

/** The first requests and checks are over by then. */
const SETTLED_MS = 10 * SECOND_MS;

/** Runs until it is asked to stop. What was typed wins over the environment. */
export async function serve(options: ServeOptions, { folder, variables }: ServeDeps): Promise<void> {
  const config = await withChosenPort(readConfig({ ...variables, ...typed(options) }, folder));
  const log = openLog(config);
  const net = createNet({ policy: 'manifest', clock: systemClock });
  const roles = options.roles ?? ROLES;
  // From the first moment on: a request to stop must not be lost because there is nothing to stop yet.
  const stopping = stopRequested();
  const evenkeel = await createEvenkeel({ config, variables, roles, clock: systemClock, log, net });
  const release = onHangup(() => void reload(evenkeel, log));
  try {
    const { address } = await evenkeel.start();
    welcome(await evenkeel.ensureOwner(), address, log);
    setTimeout(releaseSpareMemory, SETTLED_MS).unref();
    log.info('Stopping.', { signal: await stopping });
  } finally {
    release();
    await evenkeel.stop();
  }
}

async function reload({ manifest }: Pick<Evenkeel, 'manifest'>, log: Log): Promise<void> {
  try {
    await manifest.reload({ dryRun: false });
  } catch (error) {
    log.error('The manifest could not be read again; what was in force stays in force.', { error });
  }
}

export function typed({ manifest, port, host, dataDir }: Omit<ServeOptions, 'roles'>): Variables {
  return definedOnly({
    EVENKEEL_MANIFEST: manifest,
    EVENKEEL_PORT: port?.toString(),
    EVENKEEL_HOST: host,
    EVENKEEL_DATA_DIR: dataDir,
  });
}

function definedOnly(variables: Variables): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined));
}

function openLog(config: Config): Log {
  const format = config.logFormat ?? (process.stdout.isTTY ? 'text' : 'json');
  return createLog({ level: config.logLevel, format, write: (line) => void process.stdout.write(line) });
}

/** The secret goes to a person in front of a terminal, and never into a log that others read. */
function welcome(firstToken: Secret | undefined, address: string | null, log: Log): void {
  if (!process.stderr.isTTY) {
    if (firstToken !== undefined)
      log.info('There is an owner now: `evenkeel token create` makes a token for you here.');
    return;
  }
  const lines = ['', `  ${address === null ? 'Running without a page' : `Status page   ${address}/`}`];
  if (firstToken !== undefined) {
    lines.push('', "  The owner's token, shown this once:", '', `    ${firstToken.reveal()}`, '');
    lines.push(
      `  On this machine commands need none. Elsewhere set EVENKEEL_URL=${address ?? '…'} and EVENKEEL_TOKEN.`,
    );
  }
  process.stderr.write(`${lines.join('\n')}\n\n`);
}
