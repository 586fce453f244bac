import type { Db } from '../../contracts/database.ts';
import type { ObjectiveFacts } from '../../contracts/facts.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import { createCheckTallies } from './check-tallies.ts';
import { createObjectiveFacts } from './facts.ts';
import { createKeeper } from './keeper.ts';
import type { Objective } from './objective.ts';
import type { SurveyDeps } from './survey.ts';

export interface ObjectivesDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  readonly environment: string;
  /** Announced work, as it is known now; without it there is none. */
  readonly calendar?: NonNullable<SurveyDeps['calendar']>;
}

/** Promises and their error budgets. */
export interface Objectives {
  /** Answers in every process, whether or not it looks after them. */
  readonly facts: ObjectiveFacts;
  /** From now on exactly these. */
  apply(objectives: readonly Objective[]): void;
  /** Begins to look every 30 s, and to tell what changes; more than one process may. */
  start(): void;
  stop(): Promise<void>;
  /** Looks once, now. */
  look(): Promise<void>;
}

export function createObjectives(deps: ObjectivesDeps): Objectives {
  const checks = createCheckTallies(deps.db);
  const keeper = createKeeper({ ...deps, checks });
  let current: readonly Objective[] = [];

  return {
    facts: createObjectiveFacts({ ...deps, checks, objectives: () => current }),
    apply(objectives) {
      current = objectives;
      keeper.apply(objectives);
    },
    start: () => keeper.start(),
    stop: () => keeper.stop(),
    look: () => keeper.look(),
  };
}
