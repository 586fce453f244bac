import { MINUTE_MS } from '../../kernel/clock.ts';
import type { CheckResult } from '../monitor-type.ts';

/**
 * Readings that no check gives by itself, made of many checks. The window is ten minutes, or twenty checks where those
 * take longer: of fewer, one slow answer alone would be the 95th percentile.
 */
export interface Derived {
  /** Share of checks that failed, 0 to 1; undefined while there are too few. */
  errorRate(): number | undefined;
  /** 95 of 100 answers came within this time, milliseconds; undefined while there are too few. */
  p95(): number | undefined;
  add(at: number, result: CheckResult, intervalMs: number): void;
  /** What was before an outage or announced work says nothing of what comes after. */
  clear(): void;
}

const WINDOW_MS = 10 * MINUTE_MS;
const CHECKS_MIN = 20;
const CHECKS_MAX = 600;

export function createDerived(): Derived {
  let checks: { readonly at: number; readonly failed: boolean; readonly latencyMs: number | undefined }[] = [];

  return {
    add(at, { state, latencyMs }, intervalMs) {
      checks.push({ at, failed: state === 'down', latencyMs });
      const from = at - Math.max(WINDOW_MS, CHECKS_MIN * intervalMs);
      let old = Math.max(0, checks.length - CHECKS_MAX);
      while ((checks[old]?.at ?? at) < from) old += 1;
      if (old > 0) checks.splice(0, old);
    },
    errorRate() {
      if (checks.length < CHECKS_MIN) return undefined;
      let failed = 0;
      for (const check of checks) if (check.failed) failed += 1;
      return failed / checks.length;
    },
    p95() {
      const times = checks.flatMap(({ latencyMs }) => latencyMs ?? []);
      if (times.length < CHECKS_MIN) return undefined;
      const ascending = Float64Array.from(times).toSorted();
      return ascending[Math.ceil(0.95 * ascending.length) - 1];
    },
    clear() {
      checks = [];
    },
  };
}
