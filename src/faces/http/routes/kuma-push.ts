import * as z from 'zod';
import type { Monitoring } from '../../../monitoring/index.ts';
import * as answers from '../answers.ts';
import { hasBeenHeard } from '../ping-heard.ts';
import { routeFor } from '../route.ts';

export interface KumaPushDeps {
  readonly monitoring: Pick<Monitoring, 'recordPing'>;
}

/** Kuma shows `?status=up&msg=OK&ping=` to be copied, and many a script writes what it has to say behind that. */
const Said = z.union([z.string(), z.array(z.string())]);

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
      status: Said.default('up').describe('Everything but up means that it failed.'),
      msg: Said.optional().describe('Why; told when it failed.'),
      ping: Said.optional().describe('How long something took, in milliseconds.'),
    }),
    answer: answers.KumaPushView,
    ignoresBody: true,
    async handle({ key, status, msg, ping }, { deps }) {
      const [latencyMs, message] = [latencyOf(lastOf(ping)), lastOf(msg)];
      // As in Kuma, where `status=` with nothing behind it is the same as none, and two of them mean a failure.
      const outcome = status === 'up' || status === '' ? 'success' : 'failure';
      const isKnown = await hasBeenHeard(deps.monitoring, key, {
        outcome,
        ...(message !== undefined && { message }),
        ...(latencyMs !== undefined && { latencyMs }),
      });
      if (isKnown) return { status: 200, body: { ok: true } };
      return { status: 404, body: { ok: false, msg: 'Monitor not found or not active.' } };
    },
  }),
);

function lastOf(said: z.output<typeof Said> | undefined): string | undefined {
  return typeof said === 'string' ? said : said?.at(-1);
}

const LATENCY_MS_MAX = 24 * 60 * 60 * 1_000;

/** Many a script sends `ping=` with nothing behind it. */
function latencyOf(text: string | undefined): number | undefined {
  const latencyMs = Number.parseFloat(text ?? '');
  return latencyMs >= 0 && latencyMs <= LATENCY_MS_MAX ? latencyMs : undefined;
}
