import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingHttpHeaders, request as send } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { BackupWork } from '../../src/backups/index.ts';
import type { AppModel } from '../../src/contracts/app-model.ts';
import type { AlertNow, DeliveryNow, ObjectiveNow, ThresholdNow } from '../../src/contracts/facts.ts';
import type { Actor, Role } from '../../src/contracts/roles.ts';
import {
  createClientOf,
  createHttpFace,
  type HttpFaceOptions,
  type ManifestStatus,
} from '../../src/faces/http/index.ts';
import { createIdentity } from '../../src/identity/index.ts';
import { DAY_MS, HOUR_MS } from '../../src/kernel/clock.ts';
import { defineErrors } from '../../src/kernel/errors.ts';
import type { Told } from '../../src/monitoring/heartbeats/told.ts';
import { availabilityIn } from '../../src/monitoring/history/availability.ts';
import { monitorTypes } from '../../src/monitoring/index.ts';
import { createMaintenance } from '../../src/monitoring/maintenance/maintenance.ts';
import { plannedWindowsOf } from '../../src/monitoring/maintenance/window-of.ts';
import type { CheckResult } from '../../src/monitoring/monitor-type.ts';
import { PRESETS } from '../../src/monitoring/thresholds/standard.ts';
import { systemClock } from '../../src/platform/system-clock.ts';
import { createSystemIds } from '../../src/platform/system-ids.ts';
import { aCrossing, aDelivery, anAlert, anObjective, fakeBackups } from './area-facts.ts';
import { memoryDatabase } from './databases.ts';
import { anAppModel, factsOf, type Watched, watched } from './public-facts.ts';
import { recordingLog } from './silent-log.ts';

// The manifest loads the types that it names; tests describe monitors without one.
await monitorTypes.loadAll();

const LATENCY = { at: 0, checks: 60, failures: 1, p50: 12, p95: 80.5, p99: 90, min: 8, max: 93 };

const FOUND: CheckResult = { state: 'down', reason: 'connection refused' };

/** The first bytes of any. */
export const PNG = Buffer.from('89504e470d0a1a0a', 'hex');

export const PING_KEY = 'k'.repeat(22);

export type Caller = Exclude<Role, 'public'> | 'probe' | 'wrong' | 'expired' | 'revoked';

export interface Scenario {
  readonly watched?: readonly Watched[];
  readonly model?: AppModel | null;
  readonly manifest?: Partial<ManifestStatus>;
  readonly pingDatabase?: () => Promise<void>;
  /** Null: nothing was asked. */
  readonly checkNow?: (name: string) => Promise<CheckResult | null>;
  readonly isStopping?: () => boolean;
  readonly alerts?: readonly AlertNow[];
  readonly objectives?: readonly ObjectiveNow[];
  /** Which readings are beyond a limit of the standard. */
  readonly crossed?: readonly ThresholdNow[];
  readonly deliveries?: (limit: number) => Promise<readonly DeliveryNow[]>;
  readonly trustedProxies?: readonly string[];
  /** False leaves it to the test to listen. */
  readonly listens?: boolean;
  readonly options?: Partial<HttpFaceOptions>;
}

/** The real face with a real database and real tokens on a free port, about monitors that a test makes up. */
export async function openHttpFace(t: Pick<TestContext, 'after'>, scenario: Scenario = {}) {
  const db = await memoryDatabase(t);
  const log = recordingLog();
  const clock = systemClock;
  const identity = createIdentity({ db, clock, log, ids: createSystemIds(clock), environment: 'live' });
  const pings: string[] = [];
  const told: Told[] = [];
  const reloads: boolean[] = [];
  const work: BackupWork[] = [];
  const everything = scenario.watched ?? WATCHED;
  const model = scenario.model === undefined ? anAppModel('shop') : scenario.model;
  const maintenance = createMaintenance({
    db,
    clock,
    ids: createSystemIds(clock),
    log,
    environment: 'live',
    onChange: () => undefined,
  });
  await maintenance.apply(
    plannedWindowsOf({ patches: { cron: '0 2 * * *', for: HOUR_MS } }),
    everything.map(({ now }) => now),
  );
  const face = await createHttpFace({
    clock,
    log,
    clientOf: createClientOf(scenario.trustedProxies ?? []),
    deps: {
      clock,
      identity,
      database: { ping: scenario.pingDatabase ?? (() => db.ping()) },
      address: () => 'https://status.shop.example',
      pictures: {
        keep: async () => undefined,
        list: async () => [AT],
        read: async (_name, at) => (at === AT ? PNG : undefined),
      },
      lifecycle: { hasStarted: () => true, isStopping: scenario.isStopping ?? (() => false) },
      model: () => model,
      self: () => SELF,
      monitoring: {
        facts: factsOf(everything, clock.now()),
        checkNow: scenario.checkNow ?? (async () => FOUND),
        results: async () => [{ at: AT, outcome: 'down', latencyMs: null, reason: 'connection refused' }],
        pingKeyOf: async () => PING_KEY,
        async recordPing(key, said) {
          if (key !== PING_KEY && key !== `${PING_KEY}/nightly`) throw unknownPing.PING_KEY_UNKNOWN({});
          pings.push(said.outcome);
          told.push(said);
        },
        pings: async () => [{ at: AT, outcome: 'failure', run: null, exitStatus: 3, message: 'disk full', body: 'df' }],
        parts: async () => [{ name: 'db', state: 'down', detail: 'no connection' }],
        say: async (_name, word) => ({ ...word, at: AT }),
      },
      objectives: { facts: { objectives: async () => scenario.objectives ?? [anObjective()] } },
      thresholds: {
        facts: { crossed: async () => scenario.crossed ?? [aCrossing()] },
        rules: () => PRESETS.standard,
      },
      parts: {
        add: async ({ name }) => ({ file: `evenkeel.d/${name}.yaml`, text: 'monitors: {}\n' }),
        remove: async (name) => ({ file: `evenkeel.d/${name}.yaml`, text: 'monitors: {}\n' }),
      },
      maintenance: maintenance.desk,
      alerting: { facts: { alerts: async (limit) => (scenario.alerts ?? [anAlert()]).slice(0, limit) } },
      delivery: { facts: { deliveries: scenario.deliveries ?? (async (limit) => DELIVERIES.slice(0, limit)) } },
      backups: fakeBackups(work),
      probes: {
        assignment: async () => ({ monitors: [], withheld: [], tag: 't1' }),
        receive: async () => ({ storedSeq: 0, skewMs: 0, late: 0, ignored: 0, tag: 't1' }),
      },
      manifest: {
        status: () => ({ ...MANIFEST, ...scenario.manifest }),
        async reload({ dryRun }) {
          reloads.push(dryRun);
          return { outcome: 'unchanged', problems: [], warnings: [] };
        },
      },
      history: {
        addPast: async (_name, { spans }) => ({ added: spans.length, known: 0 }),
        latency: async () => ({ stepMs: HOUR_MS, whole: LATENCY, points: [LATENCY] }),
        uptime: async (_name, windows, knownUntil) => ({
          windows: windows.map((window) => ({ ...window, availability: availabilityIn([], window) })),
          changes: [{ at: knownUntil, state: 'down', reason: 'connection refused' }],
          months: [{ month: '2026-10', isFrozen: true, availability: availabilityIn([], { from: 0, to: HOUR_MS }) }],
        }),
        async *changes() {
          yield { monitor: 'api', at: AT, state: 'down', reason: 'connection refused' };
        },
        async *results() {
          for (let index = 0; index < 1_000; index += 1) {
            yield { monitor: 'api', at: AT + index, outcome: 'up', latencyMs: 12, reason: null };
          }
        },
      },
    },
    ...scenario.options,
  });
  t.after(async () => {
    await face.close();
    await identity.close();
  });
  const port = scenario.listens === false ? 0 : await face.listen({ host: '127.0.0.1', port: 0 });
  return { db, log, identity, face, port, pings, told, reloads, work, ...callers(identity, port) };
}

function callers(identity: ReturnType<typeof createIdentity>, port: number) {
  const secrets = new Map<Caller, string>();

  async function secretOf(caller: Caller): Promise<string> {
    const known = secrets.get(caller) ?? (await makeToken(identity, caller));
    secrets.set(caller, known);
    return known;
  }

  return {
    secretOf,
    /** One request; `as` is whose token it carries. */
    async ask(method: string, target: string, more: Ask = {}): Promise<Answer> {
      const authorization = more.as === undefined ? {} : { authorization: `Bearer ${await secretOf(more.as)}` };
      const headers = { ...authorization, ...more.headers };
      return exchange({ method, path: target, headers, port, host: '127.0.0.1' }, more.body);
    },
  };
}

export interface Ask {
  readonly as?: Caller;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body?: object | string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of every shape
  readonly json: any;
}

type Target = { readonly socketPath: string } | { readonly host: string; readonly port: number };

/** On a connection of its own: `fetch` would retry, pool and hide what the server did with it. */
export async function exchange(
  { headers = {}, ...target }: Target & { method: string; path: string; headers?: Readonly<Record<string, string>> },
  body?: object | string,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const isJson = typeof body === 'object';
  const type = isJson ? { 'content-type': 'application/json' } : {};
  const request = send({ ...target, agent: false, headers: { ...type, ...headers } }, (response) => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      text += chunk;
    });
    response.once('error', reject);
    response.once('end', () => {
      const hasJson =
        /json/.test(response.headers['content-type'] ?? '') && !/ndjson/.test(response.headers['content-type'] ?? '');
      const json: unknown = hasJson && text !== '' ? JSON.parse(text) : undefined;
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json });
    });
  });
  request.once('error', reject);
  request.end(isJson ? JSON.stringify(body) : body);
  return promise;
}

const OWNER: Actor = { name: 'admin socket', role: 'owner' };

async function makeToken(identity: ReturnType<typeof createIdentity>, caller: Caller): Promise<string> {
  if (caller === 'wrong') return `ek_api_unknown_${'x'.repeat(43)}`;
  if (caller === 'probe') return probeToken(identity);
  const role = caller === 'expired' || caller === 'revoked' ? 'owner' : caller;
  const expiresAt = caller === 'expired' ? systemClock.now() - DAY_MS : undefined;
  const { token, secret } = await identity.createToken(OWNER, { name: caller, role, expiresAt });
  if (caller === 'revoked') await identity.revokeToken(OWNER, token.id);
  return secret.reveal();
}

async function probeToken(identity: ReturnType<typeof createIdentity>): Promise<string> {
  const { secret } = await identity.createToken(OWNER, { name: 'fra', role: 'public', location: 'fra' });
  return secret.reveal();
}

/** A folder for a socket; short, because paths of sockets may not be long. */
export function socketFolder(t: Pick<TestContext, 'after'>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'ek-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

const AT = Date.parse('2026-11-20T09:30:00Z');

const WATCHED = [watched({ name: 'web' }), watched({ name: 'nightly', type: 'heartbeat', latencyMs: null })];

const DELIVERIES = [aDelivery(), aDelivery({ id: 'msg_0', channel: 'ops', type: null })];

const SELF = {
  version: '0.1.0',
  node: '26.10.0',
  platform: 'linux-x64',
  engine: 'sqlite',
  dataFolder: '/var/lib/evenkeel',
  environment: 'live',
  processId: 4711,
  startedAt: AT,
  memoryBytes: 100_000_000,
} as const;

const MANIFEST: ManifestStatus = {
  app: 'shop',
  environment: 'live',
  digest: 'd1',
  appliedAt: AT,
  files: ['evenkeel.yaml'],
  services: 3,
  monitors: 2,
  warnings: [{ file: 'evenkeel.yaml', line: 3, column: 5, message: 'The interval is long.', hint: null }],
  rejected: null,
};

const unknownPing = defineErrors({
  PING_KEY_UNKNOWN: { kind: 'not_found', message: 'No heartbeat has this address.', hint: 'Copy it again.' },
});
