import { type Clock, SECOND_MS } from '../../kernel/clock.ts';
import { rootCauseOf } from './root-cause.ts';
import { isFailing, type Watch } from './watch.ts';

export interface CauseFinderDeps {
  readonly clock: Clock;
  readonly watchOf: (name: string) => Watch | undefined;
  /** Checks a monitor now, or joins the check under way. */
  readonly check: (name: string) => Promise<unknown>;
}

/** Says which monitor explains a failure. */
export interface CauseFinder {
  /** As far as the latest checks tell. */
  known(name: string): string;
  /**
   * After a look at everything the monitor depends on: checks are not in step, and whoever is checked first would
   * blame itself for the failure of what it needs.
   */
  find(name: string): Promise<string>;
}

/** Naming a failure may take this long, whatever its dependencies do. */
const LOOK_MS_MAX = 3 * SECOND_MS;

export function createCauseFinder({ clock, watchOf, check }: CauseFinderDeps): CauseFinder {
  /** Monitors whose failure is being explained: what their checks said is known, and nobody waits for them. */
  const explaining = new Set<string>();

  return {
    known: causeOf,
    async find(name) {
      const suspects = dependenciesOf(name).filter((other) => !isFailing(watchOf(other)) && !explaining.has(other));
      explaining.add(name);
      try {
        if (suspects.length > 0) await look(suspects);
      } finally {
        explaining.delete(name);
      }
      return causeOf(name);
    },
  };

  function causeOf(name: string): string {
    return rootCauseOf(name, {
      dependsOn: (other) => watchOf(other)?.monitor.dependsOn ?? [],
      isFailing: (other) => isFailing(watchOf(other)),
    });
  }

  /** Direct ones and those behind them, without itself. */
  function dependenciesOf(name: string): readonly string[] {
    const found = new Set([name]);
    for (const each of found) {
      for (const dependency of watchOf(each)?.monitor.dependsOn ?? []) found.add(dependency);
    }
    found.delete(name);
    return [...found];
  }

  async function look(suspects: readonly string[]): Promise<void> {
    const ended = new AbortController();
    const timeIsUp = clock.sleep(LOOK_MS_MAX, ended.signal).catch(() => undefined);
    try {
      await Promise.race([Promise.all(suspects.map(check)), timeIsUp]);
    } finally {
      ended.abort();
    }
  }
}
