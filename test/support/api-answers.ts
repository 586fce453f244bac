import type {
  AlertView,
  BackupRunView,
  BackupSourceView,
  BackupView,
  DeliveryView,
  MonitorView,
  ObjectiveView,
  SelfView,
  StatusView,
  ThresholdListView,
  TokenView,
} from '../../src/faces/http/contract.ts';

/** Answers of the API as a test needs them: complete, and different only where the test says so. */
export function aMonitorView(differences: Partial<MonitorView> = {}): MonitorView {
  return {
    name: 'web',
    type: 'http',
    description: null,
    target: 'shop.example',
    state: 'up',
    since: '2026-11-17T08:00:00.000Z',
    reason: null,
    lastCheckedAt: '2026-11-20T11:59:48.000Z',
    latencyMs: 123.4,
    intervalMs: 60_000,
    dependsOn: [],
    rootCause: null,
    unconfirmed: null,
    locations: [],
    readings: {},
    ...differences,
  };
}

export function aStatusView(monitors: readonly MonitorView[] = [aMonitorView()]): StatusView {
  const counts = { up: 0, degraded: 0, down: 0, maintenance: 0, unknown: 0 };
  for (const { state } of monitors) counts[state] += 1;
  return {
    app: 'shop',
    environment: 'live',
    state: counts.down > 0 ? 'down' : 'up',
    counts,
    monitors,
    alerts: [],
    undelivered: [],
    readiness: [],
    platform: { health: 'pass', database: 'pass', manifest: 'pass', version: '0.1.0', uptimeMs: 3 * 86_400_000 },
  };
}

export function aTokenView(differences: Partial<TokenView> = {}): TokenView {
  return {
    id: 'tok_1',
    name: 'ci',
    kind: 'api',
    role: 'operator',
    environment: null,
    location: null,
    createdAt: '2026-11-01T00:00:00.000Z',
    createdBy: 'admin socket',
    expiresAt: null,
    revokedAt: null,
    lastUsedAt: null,
    ...differences,
  };
}

export function aSelfView(differences: Partial<SelfView> = {}): SelfView {
  return {
    version: '0.1.0',
    node: '26.10.0',
    platform: 'linux-x64',
    engine: 'sqlite',
    dataFolder: '/project/.evenkeel',
    environment: 'live',
    processId: 4711,
    startedAt: '2026-11-20T11:00:00.000Z',
    uptimeMs: 3_600_000,
    memoryBytes: 98_000_000,
    ...differences,
  };
}

export function anAlertView(differences: Partial<AlertView> = {}): AlertView {
  return {
    id: 'alr_1',
    title: 'api is down',
    severity: 'critical',
    state: 'open',
    cause: 'api',
    affected: ['api'],
    reason: 'HTTP 503',
    openedAt: '2026-11-20T11:55:00.000Z',
    resolvedAt: null,
    toldTo: ['dev'],
    messages: (differences.toldTo ?? ['dev']).map((channel) => ({ channel, state: 'delivered', lastAttempt: null })),
    ...differences,
  };
}

export function anObjectiveView(differences: Partial<ObjectiveView> = {}): ObjectiveView {
  const calm = { longRate: 0, shortRate: 0, isBurning: false };
  return {
    name: 'api availability',
    monitor: 'api',
    kind: 'time',
    target: 0.999,
    promise: '99.9% of the time, over 30 days',
    from: '2026-10-21T12:00:00.000Z',
    to: '2026-11-20T12:00:00.000Z',
    reached: 0.9995,
    coverage: 1,
    budgetLeft: 0.4993,
    budgetLeftMs: 1_294_000,
    budgetLeftChecks: null,
    burnRate: 0,
    goneAt: null,
    burn: [
      { severity: 'critical', longMs: 3_600_000, shortMs: 300_000, factor: 14.4, ...calm },
      { severity: 'warning', longMs: 259_200_000, shortMs: 21_600_000, factor: 1, ...calm },
    ],
    isSpent: false,
    whenSpent: 'allowed',
    ...differences,
  };
}

/** Three rules, of which `disk-space` is crossed by two disks of one host. */
export function thresholdsView(differences: Partial<ThresholdListView> = {}): ThresholdListView {
  const rule = { side: 'above', monitors: null } as const;
  const crossing = { rule: 'disk-space', monitor: 'host', runbook: 'disk-space' } as const;
  const share = (level: 'warning' | 'critical', limit: number, words: string, forMs = 0) => ({
    level,
    limit,
    forMs,
    words,
  });
  return {
    thresholds: [
      {
        ...rule,
        rule: 'high-cpu',
        reading: 'cpu',
        unit: 'share',
        levels: [share('warning', 0.8, '> 80% for 10m', 600_000), share('critical', 0.9, '> 90% for 15m', 900_000)],
        runbook: 'high-resource-usage',
      },
      {
        ...rule,
        rule: 'disk-space',
        reading: 'disk',
        unit: 'share',
        levels: [share('warning', 0.8, '> 80%'), share('critical', 0.9, '> 90%')],
        runbook: 'disk-space',
      },
      {
        rule: 'free-slots',
        reading: 'slots',
        side: 'below',
        unit: 'number',
        levels: [{ level: 'warning', limit: 3, forMs: 0, words: '< 3' }],
        runbook: 'workers',
        monitors: ['queue', 'mail'],
      },
    ],
    crossed: [
      {
        ...crossing,
        reading: 'disk:/var',
        level: 'critical',
        reason: 'Disk /var is at 91%, above 90%.',
        since: '2026-11-20T11:48:00.000Z',
      },
      {
        ...crossing,
        reading: 'disk:/srv',
        level: 'warning',
        reason: 'Disk /srv is at 83%, above 80%.',
        since: '2026-11-20T11:59:30.000Z',
      },
    ],
    ...differences,
  };
}

export function aDeliveryView(differences: Partial<DeliveryView> = {}): DeliveryView {
  return {
    id: 'msg_1',
    lane: 'page',
    channel: 'dev',
    type: 'slack',
    title: 'api is down',
    thread: 'alr_1',
    state: 'delivered',
    knownAt: '2026-11-20T11:55:00.000Z',
    queuedAt: '2026-11-20T11:55:00.000Z',
    deliveredAt: '2026-11-20T11:55:00.400Z',
    nextAttemptAt: null,
    attemptCount: differences.attempts?.length ?? 1,
    attempts: [{ at: '2026-11-20T11:55:00.100Z', tookMs: 300, outcome: 'delivered', detail: 'ok' }],
    ...differences,
  };
}

export function aBackupView(differences: Partial<BackupView> = {}): BackupView {
  return {
    id: 'bak_2',
    service: 'db',
    engine: 'postgres',
    takenAt: '2026-11-20T02:00:00.000Z',
    tookMs: 14_000,
    bytes: 41_200_000,
    plainBytes: 212_000_000,
    vaults: ['local'],
    level: 'readable',
    provenAt: null,
    ...differences,
  };
}

export function aBackupSourceView(differences: Partial<BackupSourceView> = {}): BackupSourceView {
  return {
    service: 'db',
    engine: 'postgres',
    holds: ['users', 'orders'],
    lastBackup: { id: 'bak_2', takenAt: '2026-11-20T02:00:00.000Z', bytes: 41_200_000 },
    lastProof: {
      backup: 'bak_2',
      at: '2026-11-20T02:01:00.000Z',
      takenAt: '2026-11-20T02:00:00.000Z',
      tookMs: 14_000,
      tables: 12,
      rows: 48_102,
      assertions: 1,
    },
    level: 'restored',
    nextAt: '2026-11-21T02:00:00.000Z',
    lastFailure: null,
    underWay: null,
    ...differences,
  };
}

export function aBackupRunView(differences: Partial<BackupRunView> = {}): BackupRunView {
  return {
    id: 'run_1',
    kind: 'backup',
    service: 'db',
    backup: 'bak_2',
    state: 'done',
    phase: null,
    bytes: 41_200_000,
    queuedAt: '2026-11-20T11:59:00.000Z',
    startedAt: '2026-11-20T11:59:01.000Z',
    endedAt: '2026-11-20T11:59:15.000Z',
    findings: ['12 tables, 48,102 rows, all as they were.'],
    error: null,
    ...differences,
  };
}
