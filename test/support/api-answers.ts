import type { MonitorView, SelfView, StatusView, TokenView } from '../../src/faces/http/contract.ts';

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
