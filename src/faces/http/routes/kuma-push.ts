import * as z from 'zod';
import type { Monitoring } from '../../../monitoring/index.ts';
import * as answers from '../answers.ts';
import { hasBeenHeard } from '../ping-heard.ts';
import { routeFor } from '../route.ts';

export interface KumaPushDeps {
  readonly monitoring: Pick<Monitoring, 'recordPing'>;
}

const route = routeFor<KumaPushDeps>();

/** The address of push monitors in Uptime Kuma, with its answers: scripts that call it need no change. */
export const kumaPushRoutes = (['GET', 'POST'] as const).map((method) =>
  route({
    method,
    path: '/api/push/:key',
    role: 'public',
    summary: 'A job says how it is, as to Uptime Kuma.',
    limit: 'ping',
    input: z.object({
      key: z.string().min(1).max(100).describe('The token in the address.'),
      status: z.string().max(100).default('up').describe('Everything but up means that it failed.'),
      msg: z.string().optional().describe('Why; told when it failed.'),
      ping: z.string().optional().describe('How long something took, in milliseconds.'),
    }),
    answer: answers.KumaPushView,
    ignoresBody: true,
    async handle({ key, status, msg, ping }, { deps }) {
      const latencyMs = latencyOf(ping);
      // As in Kuma, where `status=` with nothing behind it is the same as none.
      const outcome = status === 'up' || status === '' ? 'success' : 'failure';
      const isKnown = await hasBeenHeard(deps.monitoring, key, {
        outcome,
        ...(msg !== undefined && { message: msg }),
        ...(latencyMs !== undefined && { latencyMs }),
      });
      if (isKnown) return { status: 200, body: { ok: true } };
      return { status: 404, body: { ok: false, msg: 'Monitor not found or not active.' } };
    },
  }),
);

const LATENCY_MS_MAX = 24 * 60 * 60 * 1_000;

/** Many a script sends `ping=` with nothing behind it. */
function latencyOf(text: string | undefined): number | undefined {
  const latencyMs = Number.parseFloat(text ?? '');
  return latencyMs >= 0 && latencyMs <= LATENCY_MS_MAX ? latencyMs : undefined;
}
