import type { Engine } from '../../../contracts/database.ts';
import type { Clock } from '../../../kernel/clock.ts';
import * as answers from '../answers.ts';
import { NO_INPUT, routeFor } from '../route.ts';
import { isoOf } from '../views.ts';

/** What the process knows about itself. */
export interface SelfFacts {
  readonly version: string;
  /** Of Node, e.g. `26.10.0`. */
  readonly node: string;
  /** E.g. `linux-x64`. */
  readonly platform: string;
  readonly engine: Engine;
  readonly dataFolder: string;
  readonly environment: string;
  readonly processId: number;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly memoryBytes: number;
}

export interface SelfDeps {
  readonly self: () => SelfFacts;
  readonly clock: Clock;
}

export function uptimeOf({ startedAt }: SelfFacts, clock: Clock): number {
  return Math.max(0, clock.now() - startedAt);
}

const route = routeFor<SelfDeps>();

const show = route({
  method: 'GET',
  path: '/api/v1/self',
  role: 'viewer',
  summary: 'Version, memory, uptime and data folder of this process.',
  input: NO_INPUT,
  answer: answers.SelfView,
  async handle(_input, { deps }) {
    const { startedAt, ...facts } = deps.self();
    const uptimeMs = Math.max(0, deps.clock.now() - startedAt);
    return { status: 200, body: { ...facts, startedAt: isoOf(startedAt), uptimeMs } };
  },
});

export const selfRoutes = [show];
