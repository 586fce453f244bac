import type { BackupNow, BackupRun, BackupWork } from '../../src/backups/index.ts';
import type { AlertNow, BackupSourceNow, DeliveryNow, ObjectiveNow, ThresholdNow } from '../../src/contracts/facts.ts';
import type { HttpFaceDeps } from '../../src/faces/http/index.ts';
import { defineErrors } from '../../src/kernel/errors.ts';

/** What alerting, delivery and backups would tell: complete, and different only where the test says so. */
const AT = Date.parse('2026-11-20T09:30:00Z');
const MINUTE_MS = 60_000;

export function anAlert(differences: Partial<AlertNow> = {}): AlertNow {
  return {
    id: 'alr_1',
    title: 'api is down',
    severity: 'critical',
    state: 'open',
    cause: 'api',
    affected: ['api', 'web'],
    reason: 'HTTP 503',
    openedAt: AT,
    resolvedAt: null,
    toldTo: ['dev'],
    ...differences,
  };
}

export function aDelivery(differences: Partial<DeliveryNow> = {}): DeliveryNow {
  return {
    id: 'msg_1',
    lane: 'page',
    channel: 'dev',
    type: 'slack',
    title: 'api is down',
    thread: 'alr_1',
    state: 'delivered',
    knownAt: AT,
    queuedAt: AT,
    deliveredAt: AT + 120,
    nextAttemptAt: null,
    attemptCount: differences.attempts?.length ?? 1,
    attempts: [{ at: AT + 10, tookMs: 110, outcome: 'delivered', detail: 'ok' }],
    ...differences,
  };
}

/** 99.9 % over 30 days, half of whose 43 minutes are left, and an outage going on. */
export function anObjective(differences: Partial<ObjectiveNow> = {}): ObjectiveNow {
  const page = { severity: 'critical', longMs: 60 * MINUTE_MS, shortMs: 5 * MINUTE_MS, factor: 14.4 } as const;
  return {
    name: 'api availability',
    monitor: 'api',
    kind: 'time',
    target: 0.999,
    promise: '99.9% of the time, over 30 days',
    from: AT - 30 * 24 * 60 * MINUTE_MS,
    to: AT,
    reached: 0.9995,
    coverage: 1,
    budgetLeft: 0.5,
    budgetLeftMs: 1_296_000,
    budgetLeftChecks: null,
    burnRate: 20,
    goneAt: AT + 18 * 60 * MINUTE_MS,
    burn: [{ ...page, longRate: 20, shortRate: 240, isBurning: true }],
    isSpent: false,
    whenSpent: 'blocked',
    ...differences,
  };
}

export function aCrossing(differences: Partial<ThresholdNow> = {}): ThresholdNow {
  return {
    rule: 'disk-space',
    monitor: 'host',
    reading: 'disk:/var',
    level: 'critical',
    reason: 'Disk /var is at 91%, above 90%.',
    runbook: 'disk-space',
    since: AT,
    ...differences,
  };
}

function aBackup(differences: Partial<BackupNow> = {}): BackupNow {
  return {
    id: 'bak_2',
    service: 'db',
    engine: 'postgres',
    takenAt: AT,
    tookMs: 14_000,
    bytes: 41_200_000,
    plainBytes: 212_000_000,
    vaults: ['local'],
    level: 'readable',
    provenAt: null,
    ...differences,
  };
}

function aBackupSource(differences: Partial<BackupSourceNow> = {}): BackupSourceNow {
  return {
    service: 'db',
    engine: 'postgres',
    holds: ['users', 'orders'],
    lastBackup: { id: 'bak_2', takenAt: AT, bytes: 41_200_000 },
    lastProof: {
      backup: 'bak_1',
      at: AT - 60 * MINUTE_MS,
      takenAt: AT - 61 * MINUTE_MS,
      tookMs: 14_000,
      tables: 12,
      rows: 48_102,
      assertions: 1,
    },
    level: 'readable',
    nextAt: AT + 60 * MINUTE_MS,
    lastFailure: null,
    underWay: null,
    ...differences,
  };
}

function aBackupRun(work: BackupWork, differences: Partial<BackupRun> = {}): BackupRun {
  return {
    id: 'run_1',
    kind: work.kind,
    service: work.kind === 'backup' ? work.service : 'db',
    backup: work.kind === 'backup' ? null : work.backup,
    state: 'waiting',
    phase: null,
    bytes: 0,
    queuedAt: AT,
    startedAt: null,
    endedAt: null,
    findings: [],
    error: null,
    ...differences,
  };
}

/** Remembers the work it is asked for, and has done all of it by the time anybody looks. */
export function fakeBackups(work: BackupWork[] = []): HttpFaceDeps['backups'] {
  const proven = { level: 'restored', provenAt: AT } as const;
  const kept = [aBackup(), aBackup({ id: 'bak_1', ...proven }), aBackup({ id: 'bak_0', service: 'gone' })];
  return {
    facts: { sources: async () => [aBackupSource()] },
    list: async ({ service, limit }) =>
      kept.filter((each) => service === undefined || each.service === service).slice(0, limit),
    async find(id) {
      const found = kept.find((each) => each.id === id);
      if (found === undefined) throw unknown.BACKUP_UNKNOWN({ id });
      return found;
    },
    async request(wanted) {
      work.push(wanted);
      return aBackupRun(wanted);
    },
    async run(id) {
      const wanted = work.at(-1) ?? { kind: 'backup', service: 'db' };
      if (id !== 'run_1') throw unknown.BACKUP_RUN_UNKNOWN({ id });
      const done = { state: 'done', startedAt: AT, endedAt: AT + 14_000, bytes: 41_200_000, backup: 'bak_2' } as const;
      return aBackupRun(wanted, { ...done, findings: ['12 tables, 48,102 rows, all as they were.'] });
    },
  };
}

const unknown = defineErrors({
  BACKUP_UNKNOWN: { kind: 'not_found', message: 'There is no backup {id}.', hint: 'Take one.' },
  BACKUP_RUN_UNKNOWN: { kind: 'not_found', message: 'There is no run {id}.', hint: 'Start one.' },
});
