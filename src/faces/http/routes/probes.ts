import * as z from 'zod';
import type { Actor } from '../../../contracts/roles.ts';
import type { ProbeDesk } from '../../../monitoring/index.ts';
import * as answers from '../probe-answers.ts';
import { routeFor } from '../route.ts';

export interface ProbeDeps {
  readonly probes: ProbeDesk;
}

/** A body may have a megabyte, and a result some hundred bytes. */
const RESULTS_MAX = 1_000;
const GAPS_MAX = 1_000;
const REASON_CHARS_MAX = 1_000;
const READINGS_MAX = 100;
const LATENCY_MS_MAX = 1_000_000;

const Name = z.string().min(1).max(200);
const Version = z.string().min(1).max(50).describe('The version of the probe.');
const Reason = z.string().max(REASON_CHARS_MAX);

const Result = z.strictObject({
  seq: z.int().min(1),
  monitor: Name,
  at: z.int().min(0),
  outcome: z.enum(['up', 'degraded', 'down']),
  latencyMs: z.number().min(0).max(LATENCY_MS_MAX).nullable(),
  reason: Reason.nullable(),
  readings: z
    .record(Name, z.number())
    .refine((readings) => Object.keys(readings).length <= READINGS_MAX, `Expected at most ${READINGS_MAX} readings.`)
    .optional(),
});

const route = routeFor<ProbeDeps>();

const assignment = route({
  method: 'GET',
  path: '/api/v1/probe/assignment',
  role: 'public',
  isForProbes: true,
  summary: 'What a probe has to check: the monitors that name its location, without the values of variables.',
  input: z.strictObject({
    version: Version,
    tag: z.string().max(100).optional().describe('Of the assignment it has: the same one is not sent again.'),
  }),
  answer: answers.ProbeAssignmentView,
  async handle({ version, tag: known }, { actor, deps }) {
    const location = locationOf(actor);
    const { tag, ...body } = await deps.probes.assignment(location, version);
    return { status: 200, body: { location, tag, assignment: tag === known ? null : body } };
  },
});

const results = route({
  method: 'POST',
  path: '/api/v1/probe/results',
  role: 'public',
  isForProbes: true,
  summary: 'Takes what a probe measured; each result is stored once, however often it is sent.',
  input: z.strictObject({
    location: Name,
    version: Version,
    spool: z.string().min(1).max(100).describe('Names the memory of the probe, in which `seq` counts.'),
    now: z.int().describe('What time the probe thinks it is, epoch milliseconds.'),
    gaps: z.array(z.strictObject({ monitor: Name, reason: Reason })).max(GAPS_MAX),
    results: z
      .array(Result)
      .max(RESULTS_MAX)
      .refine(isAscending, 'Expected ascending numbers.')
      .describe('What was measured, with ascending `seq`.'),
  }),
  answer: answers.ProbeReceiptView,
  async handle(batch, { actor, deps }) {
    return { status: 200, body: await deps.probes.receive(locationOf(actor), batch) };
  },
});

export const probeRoutes = [assignment, results];

function locationOf({ location }: Actor): string {
  if (location === undefined) throw new Error('The gate lets only probes through.');
  return location;
}

function isAscending(list: readonly { readonly seq: number }[]): boolean {
  return list.every(({ seq }, index) => seq > (list[index - 1]?.seq ?? 0));
}
