import * as z from 'zod';
import type { Monitoring } from '../../../monitoring/index.ts';
import * as answers from '../answers.ts';
import { type Route, routeFor } from '../route.ts';

export interface PingDeps {
  readonly monitoring: Pick<Monitoring, 'recordPing'>;
}

type Outcome = Parameters<Monitoring['recordPing']>[1];

const TYPE = 'text/plain; charset=utf-8';

const route = routeFor<PingDeps>();

const SUFFIXES: readonly (readonly [suffix: '' | '/start' | '/fail', outcome: Outcome, summary: string])[] = [
  ['', 'success', 'A job says that it has done its work.'],
  ['/start', 'started', 'A job says that it begins.'],
  ['/fail', 'failure', 'A job says that it has failed.'],
];

/** `curl` and `wget` in a crontab use whatever method comes first to mind, so all of them count. */
export const pingRoutes: readonly Route<PingDeps>[] = SUFFIXES.flatMap(([suffix, outcome, summary]) =>
  (['GET', 'POST'] as const).map((method) =>
    route({
      method,
      path: `/ping/:key${suffix}`,
      role: 'public',
      summary,
      limit: 'ping',
      input: z.object({ key: z.string().min(1).max(100).describe('The secret part of the address.') }),
      answer: answers.Text,
      type: TYPE,
      ignoresBody: true,
      async handle({ key }, { deps }) {
        await deps.monitoring.recordPing(key, outcome);
        return { status: 200, type: TYPE, body: 'OK\n' };
      },
    }),
  ),
);
