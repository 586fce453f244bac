import * as z from 'zod';
import { ROLES } from '../../contracts/roles.ts';
import { STATES } from '../../contracts/state.ts';
import { AlertView, DeliveryView } from './alert-answers.ts';
import { BackupSourceView } from './backup-answers.ts';
import type * as contract from './contract.ts';

/**
 * The contract once more, as schemas: the OpenAPI document is made from them, and a test holds every real answer
 * against them. Each is checked by the compiler against the interface of the same name.
 */
type Schema<View> = z.ZodType<View>;

const Instant = z.iso.datetime();
const State = z.enum(STATES);
const Role = z.enum(ROLES);
const Word = z.enum(['pass', 'warn', 'fail']);
const Count = z.int().min(0);
const StateNumbers = z.strictObject({
  up: z.number(),
  degraded: z.number(),
  down: z.number(),
  maintenance: z.number(),
  unknown: z.number(),
});

const monitorShape = {
  name: z.string(),
  type: z.string(),
  description: z.string().nullable(),
  target: z.string(),
  state: State,
  since: Instant.nullable(),
  reason: z.string().nullable(),
  lastCheckedAt: Instant.nullable(),
  unconfirmed: z.string().nullable(),
  readings: z.record(z.string(), z.number()),
  locations: z.array(z.strictObject({ name: z.string(), state: State, lastCheckedAt: z.string().nullable() })),
  latencyMs: z.number().nullable(),
  intervalMs: z.number(),
  dependsOn: z.array(z.string()),
  rootCause: z.string().nullable(),
};
const resultShape = { at: Instant, state: State, latencyMs: z.number().nullable(), reason: z.string().nullable() };

export const ErrorView: Schema<contract.ErrorView> = z
  .strictObject({ error: z.strictObject({ code: z.string(), message: z.string(), hint: z.string() }) })
  .meta({ id: 'ErrorView' });

const MonitorView: Schema<contract.MonitorView> = z.strictObject(monitorShape).meta({ id: 'MonitorView' });

const PartView: Schema<contract.PartView> = z
  .strictObject({
    name: z.string(),
    state: z.enum(['up', 'degraded', 'down', 'unknown']),
    detail: z.string().nullable(),
  })
  .meta({ id: 'PartView' });

const PingView: Schema<contract.PingView> = z
  .strictObject({
    at: Instant,
    outcome: z.enum(['success', 'failure', 'started', 'log']),
    run: z.string().nullable(),
    exitStatus: z.int().nullable(),
    message: z.string().nullable(),
    latencyMs: z.number().nullable(),
    durationMs: z.number().nullable(),
    body: z.string().nullable(),
  })
  .meta({ id: 'PingView' });

export const MonitorSaidView: Schema<contract.MonitorSaidView> = z
  .strictObject({
    isDryRun: z.boolean(),
    said: z.strictObject({ at: Instant, state: z.enum(['up', 'degraded', 'down']), because: z.string().nullable() }),
    monitor: MonitorView,
  })
  .meta({ id: 'MonitorSaidView' });

const ResultView: Schema<contract.ResultView> = z.strictObject(resultShape).meta({ id: 'ResultView' });

export const StatusView: Schema<contract.StatusView> = z
  .strictObject({
    app: z.string().nullable(),
    environment: z.string(),
    state: State,
    counts: StateNumbers,
    monitors: z.array(MonitorView),
    alerts: z.array(AlertView),
    undelivered: z.array(DeliveryView),
    readiness: z.array(BackupSourceView),
    platform: z.strictObject({
      health: Word,
      database: Word,
      manifest: Word,
      version: z.string(),
      uptimeMs: z.number(),
    }),
  })
  .meta({ id: 'StatusView' });

export const MonitorListView: Schema<contract.MonitorListView> = z
  .strictObject({ monitors: z.array(MonitorView) })
  .meta({ id: 'MonitorListView' });

const HistoryView: Schema<contract.HistoryView> = z
  .strictObject({
    availability: z.strictObject({ ratio: z.number().nullable(), coverage: z.number(), ms: StateNumbers }),
    days: z.array(z.strictObject({ date: z.iso.date(), worst: State, ms: StateNumbers })),
    troubles: z.array(
      z.strictObject({
        state: State,
        startedAt: Instant,
        endedAt: Instant.nullable(),
        reason: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'HistoryView' });

const PictureView: Schema<contract.PictureView> = z
  .strictObject({ at: Instant, url: z.string() })
  .meta({ id: 'PictureView' });

export const PictureListView: Schema<contract.PictureListView> = z
  .strictObject({ monitor: z.string(), pictures: z.array(PictureView) })
  .meta({ id: 'PictureListView' });

export const MonitorDetailView: Schema<contract.MonitorDetailView> = z
  .strictObject({
    ...monitorShape,
    parts: z.array(PartView),
    history: HistoryView,
    pingUrl: z.string().nullable(),
    pings: z.array(PingView).nullable(),
    pictures: z.array(PictureView).nullable(),
  })
  .meta({ id: 'MonitorDetailView' });

export const ResultListView: Schema<contract.ResultListView> = z
  .strictObject({ monitor: z.string(), results: z.array(ResultView) })
  .meta({ id: 'ResultListView' });

export const MonitorPartView: Schema<contract.MonitorPartView> = z
  .strictObject({ isDryRun: z.boolean(), monitor: z.string(), file: z.string(), text: z.string() })
  .meta({ id: 'MonitorPartView' });

const ConditionView: Schema<contract.ConditionView> = z
  .strictObject({
    condition: z.string(),
    holds: z.boolean(),
    actual: z.string().nullable(),
    otherwise: z.enum(['down', 'degraded']),
  })
  .meta({ id: 'ConditionView' });

export const CheckView: Schema<contract.CheckView> = z
  .strictObject({
    result: ResultView,
    conditions: z.array(ConditionView),
    parts: z.array(PartView),
    monitor: MonitorView,
  })
  .meta({ id: 'CheckView' });

const ProblemView: Schema<contract.ProblemView> = z
  .strictObject({
    file: z.string(),
    line: z.int().nullable(),
    column: z.int().nullable(),
    message: z.string(),
    hint: z.string().nullable(),
  })
  .meta({ id: 'ProblemView' });

export const ManifestView: Schema<contract.ManifestView> = z
  .strictObject({
    isLoaded: z.boolean(),
    app: z.string().nullable(),
    environment: z.string(),
    digest: z.string().nullable(),
    appliedAt: Instant.nullable(),
    files: z.array(z.string()),
    services: Count,
    monitors: Count,
    warnings: z.array(ProblemView),
    rejected: z.strictObject({ at: Instant, problems: z.array(ProblemView) }).nullable(),
  })
  .meta({ id: 'ManifestView' });

export const ManifestReloadView: Schema<contract.ManifestReloadView> = z
  .strictObject({
    outcome: z.enum(['applied', 'unchanged', 'rejected']),
    isDryRun: z.boolean(),
    problems: z.array(ProblemView),
    warnings: z.array(ProblemView),
    manifest: ManifestView,
  })
  .meta({ id: 'ManifestReloadView' });

const TokenView: Schema<contract.TokenView> = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    kind: z.string(),
    role: Role,
    environment: z.string().nullable(),
    location: z.string().nullable(),
    createdAt: Instant,
    createdBy: z.string(),
    expiresAt: Instant.nullable(),
    revokedAt: Instant.nullable(),
    lastUsedAt: Instant.nullable(),
  })
  .meta({ id: 'TokenView' });

export const TokenListView: Schema<contract.TokenListView> = z
  .strictObject({ tokens: z.array(TokenView) })
  .meta({ id: 'TokenListView' });

export const TokenCreatedView: Schema<contract.TokenCreatedView> = z
  .strictObject({ isDryRun: z.boolean(), token: TokenView, secret: z.string().nullable() })
  .meta({ id: 'TokenCreatedView' });

export const TokenRevokedView: Schema<contract.TokenRevokedView> = z
  .strictObject({ isDryRun: z.boolean(), token: TokenView })
  .meta({ id: 'TokenRevokedView' });

export const AuditListView: Schema<contract.AuditListView> = z
  .strictObject({
    entries: z.array(
      z.strictObject({
        id: z.string(),
        at: Instant,
        actor: z.string(),
        role: Role,
        action: z.string(),
        subject: z.string().nullable(),
        outcome: z.enum(['done', 'refused', 'failed']),
        detail: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'AuditListView' });

export const SelfView: Schema<contract.SelfView> = z
  .strictObject({
    version: z.string(),
    node: z.string(),
    platform: z.string(),
    engine: z.enum(['sqlite', 'postgres']),
    dataFolder: z.string(),
    environment: z.string(),
    processId: z.int(),
    startedAt: Instant,
    uptimeMs: z.number(),
    memoryBytes: z.number(),
  })
  .meta({ id: 'SelfView' });

export const ExportLine: Schema<contract.ExportLine> = z
  .discriminatedUnion('what', [
    z.strictObject({ what: z.literal('monitor'), ...monitorShape }),
    z.strictObject({
      what: z.literal('change'),
      monitor: z.string(),
      at: Instant,
      state: State,
      reason: z.string().nullable(),
    }),
    z.strictObject({ what: z.literal('result'), monitor: z.string(), ...resultShape }),
  ])
  .meta({ id: 'ExportLine' });

/** The health endpoints have shapes of their own, taken from draft-inadarei-api-health-check. */
export const HealthWordView = z.looseObject({ status: Word }).meta({ id: 'HealthWordView' });

export const ApplicationHealthView = z
  .looseObject({
    status: Word,
    database: Word,
    /** `none` when the application has no cache. */
    cache: z.enum(['pass', 'warn', 'fail', 'none']),
    /** By kind of service, e.g. `storage`; names of kinds only. */
    external: z.record(z.string(), Word),
  })
  .meta({ id: 'ApplicationHealthView' });

/** As Uptime Kuma answers a push. */
export const KumaPushView = z
  .strictObject({ ok: z.boolean(), msg: z.string().optional() })
  .meta({ id: 'KumaPushView' });

export const Text = z.string();
