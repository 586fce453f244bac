import type { Duplex } from 'node:stream';
import * as z from 'zod';
import { duration, formatDuration } from '../../kernel/duration.ts';
import { secretText } from '../../kernel/secret-text.ts';
import { answerFrom } from '../expectations/answer.ts';
import type { Reference } from '../expectations/condition.ts';
import { keptReference } from '../expectations/kept-reference.ts';
import { type Check, type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { createDailyBudget, dailyCalls } from '../protocols/daily-budget.ts';
import { downBecause } from '../protocols/failure.ts';
import {
  ask,
  judged,
  type WebAnswer,
  type WebService,
  webAddress,
  webServiceKeys,
  webServiceOf,
} from '../protocols/web-service.ts';

const HEADER_NAME = /^[!#$%&'*+.^_`|~\w-]+$/;
const HEADER_VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;
const TEXTS_MAX = 20;
const NAMED_MAX = 3;
const QUESTION = '{question}';

const RagSettings = z.strictObject({
  rag: webAddress('https://search.example/ask').describe(
    'Address that answers questions, e.g. "https://search.example/ask".',
  ),
  question: z
    .string()
    .min(1)
    .max(2_000)
    .describe('A question whose answer stands in the documents and nowhere else, e.g. "How long is the warranty?".'),
  contains: z
    .union([z.string().min(1).max(100), z.array(z.string().min(1).max(100)).min(1).max(TEXTS_MAX)])
    .transform((texts) => [texts].flat())
    .describe('Texts that must all stand in the answer, in upper or lower case; if one is missing, it is down.'),
  body: secretText(z.string().refine(isJson, 'Expected JSON, such as {"question": "{question}"}.'))
    .optional()
    .describe(
      `What to send, as JSON; ${QUESTION} within its texts stands for the question. Default '{"question": "${QUESTION}"}'.`,
    ),
  answer: keptReference(['BODY'])
    .default({ kind: 'placeholder', placeholder: 'BODY', path: ['answer'] })
    .describe('Where the answer stands. Default "[BODY].answer".'),
  sources: keptReference(['BODY']).optional().describe('Where the list of its sources stands, e.g. "[BODY].sources".'),
  sources_min: z
    .int()
    .min(1)
    .max(100)
    .default(1)
    .describe('How many sources it must name, where `sources` says where they stand; fewer is degraded. Default 1.'),
  total_max: duration({ minMs: 1, maxMs: 10 * 60 * 1000 })
    .optional()
    .describe('How long the answer may take; longer is degraded.'),
  headers: z
    .record(
      z.string().regex(HEADER_NAME, 'Expected the name of a header, such as X-Api-Key.'),
      secretText(z.string().regex(HEADER_VALUE, 'Expected a single line of text.')),
    )
    .optional()
    .describe('Headers to send, e.g. X-Api-Key.'),
  budget: dailyCalls('it is only connected to, and what the last answer meant holds.'),
  ...webServiceKeys(),
});
type RagSettings = z.output<typeof RagSettings>;

/** The readings `total` and `sources` are there when it was asked. */
export const rag = defineMonitor({
  type: 'rag',
  summary: 'Asks an assistant that answers from documents a question now and then, and looks into its answer.',
  example: [
    'help-assistant:',
    '  rag: https://search.example/ask',
    '  token: ${SEARCH_TOKEN}',
    '  question: How long is the warranty?',
    '  contains: ["24 months"]',
    '  sources: "[BODY].sources"',
    '  budget: { calls: 48 }',
  ].join('\n'),
  testedAgainst: 'a local server that answers with JSON',
  settings: RagSettings,
  target: (settings) => serviceOf(settings).place,
  remember: follow,
});

function serviceOf(settings: RagSettings): WebService {
  const service = webServiceOf(settings.rag, 'such an assistant', settings);
  const sent = Object.values(settings.headers ?? {}).map((value) => value.reveal());
  return { ...service, secrets: [...service.secrets, ...sent.filter((value) => value !== '')] };
}

function follow(settings: RagSettings): Check {
  const budget = createDailyBudget(settings.budget);
  let last: CheckResult = { state: 'up' };
  return async (io) => {
    if (!budget.isDue(io.clock.now())) return (await unreachable(settings, io)) ?? last;
    const result = await converse(settings, io);
    budget.spend(io.clock.now(), { tokens: 0, wentWell: result.state === 'up' });
    const { latencyMs: _then, readings: _measured, ...meaning } = result;
    last = meaning;
    return result;
  };
}

/** A connection costs nobody anything. */
async function unreachable(settings: RagSettings, io: ProbeIo): Promise<CheckResult | undefined> {
  const { protocol, hostname, port } = new URL(settings.rag.reveal());
  const host = hostname.replace(/^\[(?<address>.*)\]$/, '$<address>');
  const isEncrypted = protocol === 'https:';
  const target = { host, port: Number(port || (isEncrypted ? 443 : 80)) };
  const tls = settings.verify_tls ? 'verified' : 'unverified';
  let socket: Duplex;
  try {
    socket = await io.net.tcp.connect(isEncrypted ? { ...target, tls } : target, io.signal);
  } catch (error) {
    return downBecause(error, io, serviceOf(settings).place);
  }
  socket.destroy();
  return undefined;
}

async function converse(settings: RagSettings, io: ProbeIo): Promise<CheckResult> {
  const service = serviceOf(settings);
  const { pathname, search } = new URL(settings.rag.reveal());
  // What comes after the slash at the end of an address is nothing, and still another address without it.
  const path = (pathname !== '/' && pathname.endsWith('/') ? '/' : '') + search;
  const headers = Object.fromEntries(
    Object.entries(settings.headers ?? {}).map(([name, value]) => [name, value.reveal()]),
  );
  const asked = await ask(service, { method: 'POST', path, headers, json: bodyOf(settings) }, io);
  if ('failure' in asked) return asked.failure;
  return judged(service, verdictOn(service, settings, asked.answer), asked.answer);
}

function bodyOf({ question, body }: RagSettings): unknown {
  if (body === undefined) return { question };
  return JSON.parse(body.reveal(), (_key, value: unknown) =>
    typeof value === 'string' ? value.replaceAll(QUESTION, () => question) : value,
  );
}

function verdictOn(service: WebService, settings: RagSettings, answer: WebAnswer): CheckResult {
  const { status, latencyMs } = answer;
  const { place } = service;
  if (status < 200 || status > 299) {
    return { state: 'down', latencyMs, reason: `${place} answered ${status}, expected 2xx.` };
  }
  const text = textAt(settings.answer, answer);
  if (text === undefined) {
    return { state: 'down', latencyMs, reason: `${place} gives no answer where one is expected.` };
  }
  const missing = settings.contains.filter((each) => !text.toLowerCase().includes(each.toLowerCase()));
  if (missing.length > 0) {
    const named = missing.slice(0, NAMED_MAX).map((each) => JSON.stringify(each));
    const reason = `${place} answers without ${named.join(', ')}${missing.length > NAMED_MAX ? ' and more' : ''}.`;
    return { state: 'down', latencyMs, reason };
  }
  return quality(service, settings, answer);
}

function quality({ place }: WebService, settings: RagSettings, answer: WebAnswer): CheckResult {
  const { latencyMs } = answer;
  const { sources_min: least, total_max: most } = settings;
  const sources = settings.sources === undefined ? undefined : countAt(settings.sources, answer);
  const readings = { total: latencyMs, ...(sources !== undefined && { sources }) };
  const complaints = [
    ...(sources !== undefined && sources < least ? [`It names ${sources} of at least ${least} sources.`] : []),
    ...(most !== undefined && latencyMs > most
      ? [`The answer took ${formatDuration(latencyMs)}, expected at most ${formatDuration(most)}.`]
      : []),
  ];
  return complaints.length === 0
    ? { state: 'up', latencyMs, readings }
    : { state: 'degraded', latencyMs, readings, reason: `${place}: ${complaints.join(' ')}` };
}

function textAt(reference: Reference, { text }: WebAnswer): string | undefined {
  const found = answerFrom({ connected: true, body: text }).of(reference);
  return found.isKnown && typeof found.value === 'string' ? found.value : undefined;
}

function countAt(reference: Reference, { text }: WebAnswer): number {
  const found = answerFrom({ connected: true, body: text }).of(reference);
  return found.isKnown && Array.isArray(found.value) ? found.value.length : 0;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
