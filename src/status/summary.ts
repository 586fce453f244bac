import type { State } from '../contracts/state.ts';
import type { Overall } from './overall.ts';
import type { PublicReadiness } from './readiness.ts';
import type { PublicView } from './view.ts';

/** `/status` for programs: the same facts as the page, language-neutral. Times are ISO 8601 UTC. */
export interface PublicSummary {
  readonly title: string;
  readonly state: Overall['level'];
  readonly since: string | null;
  readonly checkedAt: string | null;
  readonly services: readonly {
    readonly name: string;
    readonly group: string | null;
    readonly state: State;
    readonly since: string | null;
    readonly uptime: {
      readonly days: number;
      /** Never rounded up; null when nothing was measured. */
      readonly percent: number | null;
      /** How much of that time was measured, in percent. */
      readonly measuredPercent: number;
    };
  }[];
  /** Null when it is kept private. */
  readonly readiness: {
    /** Null when nothing is backed up; the times are null until every store has been restored once. */
    readonly backup: {
      readonly stores: number;
      readonly provenStores: number;
      readonly provenAt: string | null;
      readonly takenAt: string | null;
      readonly restoreMs: number | null;
    } | null;
    /** Null when none has been delivered yet. */
    readonly alert: { readonly deliveredAt: string; readonly tookMs: number } | null;
  } | null;
}

export function summaryOf(view: PublicView): PublicSummary {
  return {
    title: view.title ?? view.app,
    state: view.overall.level,
    since: iso(view.overall.since),
    checkedAt: iso(view.checkedAt),
    services: view.groups.flatMap((group) =>
      group.components.map(({ name, state, since, history: { uptime } }) => ({
        name,
        group: group.name,
        state,
        since: iso(since),
        uptime: {
          days: view.days.length,
          percent: uptime.ratio === null ? null : floorPercent(uptime.ratio),
          measuredPercent: floorPercent(uptime.coverage),
        },
      })),
    ),
    readiness: view.readiness && readiness(view.readiness),
  };
}

function readiness({ backup, alert }: PublicReadiness): PublicSummary['readiness'] {
  return {
    backup: backup && {
      stores: backup.stores,
      provenStores: backup.provenStores,
      provenAt: iso(backup.proof?.at ?? null),
      takenAt: iso(backup.proof?.takenAt ?? null),
      restoreMs: backup.proof?.tookMs ?? null,
    },
    alert: alert && { deliveredAt: new Date(alert.deliveredAt).toISOString(), tookMs: alert.tookMs },
  };
}

/** Percent with two decimals, cut instead of rounded: 100 means all of it and nothing less. */
export function floorPercent(ratio: number): number {
  if (ratio >= 1) return 100;
  // A ratio such as 0.9998 times 10,000 may land a hair below its own number.
  return Math.min(Math.floor(ratio * 10_000 + 1e-6), 9_999) / 100;
}

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
