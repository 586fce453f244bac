import { type Clock, SECOND_MS } from '../../kernel/clock.ts';
import { dependenciesOf } from './dependencies.ts';
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
  const dependsOn = (name: string) => watchOf(name)?.monitor.dependsOn ?? [];

  return {
    known: causeOf,
    async find(name) {
      const suspects = dependenciesOf(name, dependsOn).filter((other) => !isFailing(watchOf(other)));
      if (suspects.length > 0) await look(suspects);
      return causeOf(name);
    },
  };

  function causeOf(name: string): string {
    return rootCauseOf(name, {
      dependsOn,
      isFailing: (other) => isFailing(watchOf(other)),
    });
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
