import { type Clock, SECOND_MS } from '../../kernel/clock.ts';
import { membersOf } from '../members.ts';
import { dependenciesOf } from './dependencies.ts';
import { rootCauseOf } from './root-cause.ts';
import { isFailing, isUnwell, type Watch } from './watch.ts';

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
      // The state of a group was made of its members a moment ago.
      const suspects = membersIn(name).length > 0 ? [] : dependenciesOf(name, dependsOn).filter(isWell);
      if (suspects.length > 0) await look(suspects);
      return causeOf(name);
    },
  };

  function causeOf(name: string): string {
    return rootCauseOf(name, { dependsOn, isFailing: (other, of) => !isWell(other) || explainsGroup(other, of) });
  }

  function isWell(name: string): boolean {
    return !isFailing(watchOf(name));
  }

  /** A group may be degraded because a member is; whatever merely needs another one blames it only when it is down. */
  function explainsGroup(member: string, group: string): boolean {
    const members = membersIn(group);
    return members.includes(member) && members.every(isWell) && isUnwell(watchOf(member));
  }

  function membersIn(group: string): readonly string[] {
    const monitor = watchOf(group)?.monitor;
    return monitor === undefined ? [] : membersOf(monitor);
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
