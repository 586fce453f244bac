import { Readable } from 'node:stream';
import * as z from 'zod';
import type { MonitoringFacts } from '../../../contracts/facts.ts';
import type { StateChange } from '../../../contracts/state.ts';
import type { ExportLine, ExportSubject } from '../contract.ts';
import { Instant, routeFor } from '../route.ts';
import { type CheckRecord, isoOf, monitorView, resultView } from '../views.ts';

/** The whole history, read a page at a time. Oldest first; nothing older than `since` (epoch milliseconds). */
export interface HistoryReader {
  changes(since: number): AsyncIterable<StateChange>;
  results(since: number): AsyncIterable<CheckRecord & { readonly monitor: string }>;
}

export interface ExportDeps {
  readonly monitoring: { readonly facts: MonitoringFacts };
  readonly history: HistoryReader;
}

const SUBJECTS = ['monitors', 'changes', 'results'] as const satisfies readonly ExportSubject[];
const TYPE = 'application/x-ndjson';

const route = routeFor<ExportDeps>();

const stream = route({
  method: 'GET',
  path: '/api/v1/export',
  role: 'viewer',
  summary: 'Everything that is known, one JSON object a line, oldest first.',
  input: z.strictObject({ what: z.enum(SUBJECTS), since: Instant.default(0) }),
  answer: z.instanceof(Readable),
  type: TYPE,
  async handle({ what, since }, { deps }) {
    return { status: 200, type: TYPE, body: Readable.from(textOf(LINES[what](deps, since))) };
  },
});

export const exportRoutes = [stream];

type Lines = (deps: ExportDeps, since: number) => AsyncIterable<ExportLine>;

const LINES: Readonly<Record<ExportSubject, Lines>> = {
  async *monitors({ monitoring }) {
    for (const monitor of await monitoring.facts.monitors()) yield { what: 'monitor', ...monitorView(monitor) };
  },
  async *changes({ history }, since) {
    for await (const { monitor, at, state, reason } of history.changes(since)) {
      yield { what: 'change', monitor, at: isoOf(at), state, reason };
    }
  },
  async *results({ history }, since) {
    for await (const { monitor, ...record } of history.results(since)) {
      yield { what: 'result', monitor, ...resultView(record) };
    }
  },
};

const CHUNK_CHARS = 16_384;

/** Lines gathered into chunks: a system call for each line would be most of the work. */
async function* textOf(lines: AsyncIterable<ExportLine>): AsyncIterable<string> {
  let chunk = '';
  for await (const line of lines) {
    chunk += `${JSON.stringify(line)}\n`;
    if (chunk.length < CHUNK_CHARS) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
