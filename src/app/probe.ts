import path from 'node:path';
import { createApiClient } from '../faces/cli/api-client.ts';
import type { ProbeOptions } from '../faces/cli/context.ts';
import type { ProbeAssignmentBody } from '../faces/http/contract.ts';
import { DAY_MS, SECOND_MS } from '../kernel/clock.ts';
import { codeOf, type ErrorKind, EvenkeelError, messageOf } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import { type CheckResult, createProbing } from '../monitoring/index.ts';
import { createBrowser } from '../platform/browser/browser.ts';
import { createHostLook } from '../platform/host/host-look.ts';
import { createLog } from '../platform/log/pino-log.ts';
import { createNet } from '../platform/net/net.ts';
import { systemClock } from '../platform/system-clock.ts';
import { createSystemIds } from '../platform/system-ids.ts';
import { type Config, readConfig } from './config.ts';
import { errors } from './errors.ts';
import type { OfflineDeps } from './offline.ts';
import { probedMonitors } from './probe-monitors.ts';
import { openProbeSpool, type ProbeSpool, type SpoolLimits } from './probe-spool.ts';
import { createProbeTalk, type ProbeTalk } from './probe-talk.ts';
import { stopRequested } from './signals.ts';
import { VERSION } from './version.ts';

const LIMITS: SpoolLimits = { bytesMax: 200 * 1024 * 1024, ageMsMax: 7 * DAY_MS, lookEvery: 1_000 };
/** How long the last results may take on their way out; what is left then waits on the disk. */
const LAST_WORD_MS = 5 * SECOND_MS;
const ASSIGNMENT = 'assignment';

/** Checks what a server assigns, from here, until it is asked to stop. */
export async function probe(options: ProbeOptions, { folder, variables, files }: OfflineDeps): Promise<void> {
  const config = readConfig({ ...variables, ...typed(options) }, folder);
  const api = clientOf(config);
  const log = openLog(config);
  const stopping = stopRequested();
  const ids = createSystemIds(systemClock);
  const net = createNet({ policy: 'manifest', clock: systemClock });
  const apiNet = createNet({ policy: 'api', clock: systemClock });
  const host = createHostLook({ clock: systemClock, folder });
  await using opened = new AsyncDisposableStack();
  const browser = opened.adopt(createBrowser({ clock: systemClock, program: config.browser }), (open) => open.close());
  const home = path.join(config.dataDir, 'probe');
  const spoolDeps = { now: () => systemClock.now(), newId: () => ids.next('spool'), limits: LIMITS };
  const spool = opened.adopt(await openProbeSpool(home, spoolDeps), (open) => open.close());
  const probing = createProbing({
    clock: systemClock,
    net,
    apiNet,
    host,
    browser,
    ids,
    log,
    keep(monitor, result, at) {
      const { state: outcome, latencyMs = null, readings } = result;
      spool.keep({ monitor, at, outcome, latencyMs, reason: reasonOf(result), readings });
    },
  });
  let gaps: Awaited<ReturnType<typeof probedMonitors>>['gaps'] = [];

  const apply = async (assignment: ProbeAssignmentBody) => {
    const own = await probedMonitors(assignment.monitors, { variables, files });
    gaps = [...own.gaps, ...assignment.withheld];
    probing.apply(own.monitors);
    spool.setNote(ASSIGNMENT, JSON.stringify(assignment));
    for (const { monitor, reason } of gaps) log.warn('A monitor cannot be checked from here.', { monitor, reason });
    log.info('This is what is checked from here.', { monitors: own.monitors.map(({ name }) => name) });
  };
  const talk = createProbeTalk({
    api,
    spool,
    clock: systemClock,
    log,
    version: VERSION,
    gaps: () => gaps,
    assigned: apply,
  });
  await begin({ talk, spool, log, apply });
  probing.start();
  const ending = new AbortController();
  const talking = talk.keepTalking(ending.signal);
  log.info('The probe is running.', { server: api.where, dataFolder: home });

  log.info('Stopping.', { signal: await stopping });
  await probing.stop();
  ending.abort();
  await Promise.race([talking.then(() => talk.drain()), systemClock.sleep(LAST_WORD_MS)]).catch(() => undefined);
  log.info('The probe has stopped.', { waiting: spool.waiting() });
}

interface Beginning {
  readonly talk: ProbeTalk;
  readonly spool: ProbeSpool;
  readonly log: Log;
  readonly apply: (assignment: ProbeAssignmentBody) => Promise<void>;
}

const HOPELESS: ReadonlySet<ErrorKind> = new Set(['invalid', 'unauthorized', 'forbidden', 'not_found']);

/** Whoever is let in by nobody ends; whoever only finds nobody begins with what was assigned before. */
async function begin({ talk, spool, log, apply }: Beginning): Promise<void> {
  try {
    await talk.introduce();
  } catch (error) {
    if (!(error instanceof EvenkeelError) || HOPELESS.has(error.kind)) throw error;
    const known = spool.note(ASSIGNMENT);
    const facts = { code: codeOf(error), reason: messageOf(error) };
    if (known === undefined) log.warn('The server cannot be reached yet, and nothing was assigned before.', facts);
    else log.warn('The server cannot be reached; what it assigned before is checked.', facts);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by `apply` alone
    if (known !== undefined) await apply(JSON.parse(known) as ProbeAssignmentBody);
  }
}

function clientOf({ url, token, dataDir }: Config) {
  if (url === null) throw errors.PROBE_SETTING_MISSING({ variable: 'EVENKEEL_URL' });
  if (token === null) throw errors.PROBE_SETTING_MISSING({ variable: 'EVENKEEL_TOKEN_FILE or EVENKEEL_TOKEN' });
  return createApiClient({ url, token, socketPath: dataDir, isInsecureAllowed: false }, systemClock);
}

function typed({ dataDir }: ProbeOptions) {
  return dataDir === undefined ? {} : { EVENKEEL_DATA_DIR: dataDir };
}

function openLog({ logLevel, logFormat }: Config): Log {
  const format = logFormat ?? (process.stdout.isTTY ? 'text' : 'json');
  return createLog({ level: logLevel, format, write: (line) => void process.stdout.write(line) });
}

const REASON_CHARS_MAX = 1_000;

function reasonOf(result: CheckResult): string | null {
  return result.state === 'up' ? null : result.reason.slice(0, REASON_CHARS_MAX);
}
