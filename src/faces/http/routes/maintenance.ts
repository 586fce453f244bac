import * as z from 'zod';
import { type Clock, DAY_MS, MINUTE_MS } from '../../../kernel/clock.ts';
import { duration } from '../../../kernel/duration.ts';
import type { MaintenanceDesk, WindowNow } from '../../../monitoring/index.ts';
import * as answers from '../maintenance-answers.ts';
import { maintenanceView } from '../maintenance-views.ts';
import { DryRun, Flag, Instant, type Reply, routeFor } from '../route.ts';

export interface MaintenanceDeps {
  readonly maintenance: Pick<MaintenanceDesk, 'windows' | 'start' | 'end' | 'pause' | 'resume'>;
  readonly clock: Clock;
}

const AHEAD_MS_MAX = 366 * DAY_MS;
const AHEAD_MS_DEFAULT = 14 * DAY_MS;
/** An hourly window comes so often that a year of it is no list any more. */
const WINDOWS_MAX = 500;

const Monitor = z.string().min(1).max(100).describe('Name of a monitor.');
const Id = z
  .string()
  .regex(/^[\w-]{1,100}$/, 'Expected the id of a maintenance, such as mnt_0mhc2k….')
  .describe('Its id.');
/** Stands in lists and messages of one line: a line break could write the next one. */
const Line = z
  .string()
  .trim()
  .min(1)
  .regex(/^[^\p{Cc}\u2028-\u202e\u2066-\u2069]*$/u, 'Expected one line of text.');
const Reason = Line.max(500).describe('Why, for those who look later.');
const For = duration({ minMs: MINUTE_MS, maxMs: AHEAD_MS_MAX }).describe('How long, e.g. 2h.');

const route = routeFor<MaintenanceDeps>();

const list = route({
  method: 'GET',
  path: '/api/v1/maintenance',
  role: 'viewer',
  summary: 'Windows of maintenance that are open or to come, pauses of monitors among them.',
  input: z.strictObject({
    ahead: duration({ maxMs: AHEAD_MS_MAX }).optional().describe('How far to look ahead, e.g. 90d; 14d when left out.'),
  }),
  answer: answers.MaintenanceListView,
  async handle({ ahead = AHEAD_MS_DEFAULT }, { deps }) {
    const windows = await deps.maintenance.windows(ahead);
    return { status: 200, body: { windows: windows.slice(0, WINDOWS_MAX).map(maintenanceView) } };
  },
});

const start = route({
  method: 'POST',
  path: '/api/v1/maintenance',
  role: 'operator',
  summary: 'Begins maintenance now: nobody is told of failures of what it is about.',
  input: z
    .strictObject({
      title: Line.max(200).describe('What is done, in one line.'),
      monitors: z.array(Monitor).min(1).max(1_000).optional().describe('Everything that is watched when left out.'),
      for: For.optional(),
      until: Instant.optional().describe('An instant, instead of `for`. With neither, until somebody ends it.'),
      pausesChecks: Flag.describe('Checks rest too: nothing is asked of the targets.'),
      reason: Reason,
      dryRun: DryRun,
    })
    .refine(
      (wish) => wish.for === undefined || wish.until === undefined,
      'Expected either `for` or `until`, not both.',
    ),
  answer: answers.MaintenanceChangeView,
  async handle({ dryRun, for: forMs, until, monitors = null, ...wish }, { actor, deps }) {
    const end = until ?? (forMs === undefined ? null : deps.clock.now() + forMs);
    const window = { ...wish, monitors, until: end, startedBy: actor.name };
    return changed(await deps.maintenance.start(window, { dryRun }), dryRun, 201);
  },
});

const end = route({
  method: 'POST',
  path: '/api/v1/maintenance/:id/end',
  role: 'operator',
  summary: 'Ends maintenance that was begun by hand; what is watched counts again.',
  input: z.strictObject({ id: Id, dryRun: DryRun }),
  answer: answers.MaintenanceChangeView,
  async handle({ id, dryRun }, { deps }) {
    return changed(await deps.maintenance.end(id, { dryRun }), dryRun);
  },
});

const pause = route({
  method: 'POST',
  path: '/api/v1/monitors/:name/pause',
  role: 'operator',
  summary: 'Checks one monitor no more, for a while or until it is resumed.',
  input: z.strictObject({ name: Monitor, for: For.optional(), reason: Reason.optional(), dryRun: DryRun }),
  answer: answers.MaintenanceChangeView,
  async handle({ name, for: forMs, reason = null, dryRun }, { actor, deps }) {
    const until = forMs === undefined ? null : deps.clock.now() + forMs;
    return changed(
      await deps.maintenance.pause(name, { until, reason, startedBy: actor.name }, { dryRun }),
      dryRun,
      201,
    );
  },
});

const resume = route({
  method: 'POST',
  path: '/api/v1/monitors/:name/resume',
  role: 'operator',
  summary: 'Checks a paused monitor again.',
  input: z.strictObject({ name: Monitor, dryRun: DryRun }),
  answer: answers.MaintenanceChangeView,
  async handle({ name, dryRun }, { deps }) {
    return changed(await deps.maintenance.resume(name, { dryRun }), dryRun);
  },
});

export const maintenanceRoutes = [list, start, end, pause, resume];

function changed(
  window: WindowNow,
  isDryRun: boolean,
  status = 200,
): Reply<z.output<typeof answers.MaintenanceChangeView>> {
  const subject = `${window.window} (${window.title})`;
  return { status: isDryRun ? 200 : status, body: { isDryRun, window: maintenanceView(window) }, subject };
}
