import * as z from 'zod';
import { duration, formatDuration } from '../../kernel/duration.ts';
import { nearestWord } from '../../kernel/nearest-word.ts';
import { expectations } from '../expectations/expectations.ts';
import { type Check, type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { createDailyBudget, type DailyBudget, dailyBudget } from '../protocols/daily-budget.ts';
import type { ChatAnswer, ChatQuestion } from '../protocols/llm-api.ts';
import { judged, quoted, type WebService, webAddress, webServiceKeys, webServiceOf } from '../protocols/web-service.ts';

const LATENCY_MAX_MS = 10 * 60 * 1000;

const LlmSettings = z.strictObject({
  llm: webAddress('https://api.example/v1').describe(
    'Address of the API, e.g. "https://api.example/v1" for one in the form of OpenAI, "http://127.0.0.1:11434" for Ollama.',
  ),
  model: z.string().min(1).max(200).describe('The model that has to be there and to answer, e.g. "llama3.2".'),
  kind: z
    .enum(['openai', 'ollama'])
    .optional()
    .describe('How it is spoken to. Default: ollama where the address has no path, openai otherwise.'),
  prompt: z.string().min(1).max(2_000).default('Say ok.').describe('What to ask. Default "Say ok.".'),
  contains: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Text that has to stand in the answer, in upper or lower case; without it it is down.'),
  tokens_max: z.int().min(1).max(4_096).default(16).describe('How long the answer may get, in tokens. Default 16.'),
  first_token_max: duration({ minMs: 1, maxMs: LATENCY_MAX_MS })
    .optional()
    .describe('How long the first word may take; longer is degraded.'),
  total_max: duration({ minMs: 1, maxMs: LATENCY_MAX_MS })
    .optional()
    .describe('How long the whole answer may take; longer is degraded.'),
  budget: dailyBudget(
    'only the list of models is looked at, which costs nothing, and what the last answer meant holds.',
  ),
  ...webServiceKeys(),
  expect: expectations(['CONNECTED', 'RESPONSE_TIME'])
    .optional()
    .describe(
      'Conditions that must hold beside that, or `{ down: […], degraded: […] }`. [RESPONSE_TIME] is that of the list of ' +
        'models.',
    ),
});
type LlmSettings = z.output<typeof LlmSettings>;

/** The readings `first_token` and `total` are there when it was asked, `budget_left` always. */
export const llm = defineMonitor({
  type: 'llm',
  summary: 'Asks a language model a short question now and then, and otherwise only whether the model is there.',
  example:
    'assistant: { llm: "https://api.example/v1", token: "${LLM_TOKEN}", model: small-1, first_token_max: 2s, ' +
    'budget: { calls: 200 } }',
  testedAgainst: 'local servers that speak the APIs of OpenAI and of Ollama',
  settings: LlmSettings,
  target: (settings) => serviceOf(settings).place,
  remember: follow,
});

type Kind = ChatQuestion['kind'];

function kindOf({ llm: address, kind }: LlmSettings): Kind {
  const { pathname } = new URL(address.reveal());
  return kind ?? (/^\/(?:api\/?)?$/.test(pathname) ? 'ollama' : 'openai');
}

function serviceOf(settings: LlmSettings): WebService {
  const isOllama = kindOf(settings) === 'ollama';
  const service = webServiceOf(settings.llm, isOllama ? 'Ollama' : 'a language model', settings);
  return isOllama ? { ...service, base: service.base.replace(/\/api$/, '') } : service;
}

/** What the last answer meant, until the next. */
type Verdict = { readonly state: 'up' } | { readonly state: 'degraded' | 'down'; readonly reason: string };

interface Memory {
  readonly budget: DailyBudget;
  limit: ChatQuestion['limit'];
  verdict: Verdict;
}

function follow(settings: LlmSettings): Check {
  const memory: Memory = {
    budget: createDailyBudget(settings.budget),
    limit: 'max_tokens',
    verdict: { state: 'up' },
  };
  return (io) => check(settings, memory, io);
}

async function check(settings: LlmSettings, memory: Memory, io: ProbeIo): Promise<CheckResult> {
  const { hasModel, modelsOf } = await import('../protocols/llm-api.ts');
  const service = serviceOf(settings);
  const listed = await modelsOf(service, kindOf(settings), io);
  if ('failure' in listed) return listed.failure;
  const { models, latencyMs, text } = listed;
  const answer = { status: 200, headers: {}, latencyMs, text };
  if (models !== undefined && !hasModel(models, settings.model)) {
    return judged(service, { state: 'down', latencyMs, reason: missing(service, settings.model, models) }, answer);
  }
  const asked = memory.budget.isDue(io.clock.now()) ? await converse(service, settings, memory, io) : {};
  const readings = { ...asked, budget_left: memory.budget.left(io.clock.now()) };
  return judged(service, { ...memory.verdict, latencyMs, readings }, answer);
}

function missing(service: WebService, model: string, models: readonly string[]): string {
  const nearest = nearestWord(model, models);
  const hint = nearest === undefined ? '' : ` The nearest is ${quoted(service, nearest)}.`;
  return `${service.place} has no model ${JSON.stringify(model)}.${hint}`;
}

/** Asks, and remembers what came of it; what was measured is the answer. */
async function converse(
  service: WebService,
  settings: LlmSettings,
  memory: Memory,
  io: ProbeIo,
): Promise<Readonly<Record<string, number>>> {
  const { chat } = await import('../protocols/llm-api.ts');
  const question = (): ChatQuestion => ({
    kind: kindOf(settings),
    model: settings.model,
    prompt: settings.prompt,
    tokensMax: settings.tokens_max,
    limit: memory.limit,
  });
  let said = await chat(service, question(), io);
  if ('otherLimit' in said) {
    memory.limit = 'max_completion_tokens';
    said = await chat(service, question(), io);
  }
  memory.verdict = 'failure' in said ? asVerdict(said.failure) : verdictOn(service, settings, said);
  const tokens = 'failure' in said ? settings.tokens_max : said.tokens;
  memory.budget.spend(io.clock.now(), { tokens, wentWell: memory.verdict.state === 'up' });
  return 'failure' in said ? {} : measured(said);
}

function asVerdict(failure: CheckResult): Verdict {
  return failure.state === 'up' ? { state: 'up' } : { state: failure.state, reason: failure.reason };
}

function measured({ firstTokenMs, totalMs }: ChatAnswer): Readonly<Record<string, number>> {
  return { ...(firstTokenMs !== undefined && { first_token: firstTokenMs }), total: totalMs };
}

function verdictOn(service: WebService, settings: LlmSettings, said: ChatAnswer): Verdict {
  const wrong = complaintAbout(service, settings, said);
  if (wrong !== undefined) return { state: 'down', reason: `${service.place} ${wrong}.` };
  const slow = [
    tooSlow('The first word', said.firstTokenMs, settings.first_token_max),
    tooSlow('The whole answer', said.totalMs, settings.total_max),
  ].filter((complaint) => complaint !== undefined);
  return slow.length === 0 ? { state: 'up' } : { state: 'degraded', reason: `${service.place}: ${slow.join(' ')}` };
}

function complaintAbout(
  service: WebService,
  { contains }: LlmSettings,
  { answer: { text, error, isUnreadable, endedBecause } }: ChatAnswer,
): string | undefined {
  if (error !== undefined) return `broke off its answer and said ${quoted(service, error)}`;
  if (isUnreadable) return 'does not stream its answer as such an API does';
  if (endedBecause === undefined) return 'broke off its answer';
  // One that thinks may need all that it is allowed for its thoughts.
  if (text === '' && endedBecause !== 'length') return 'ended its answer without a word';
  if (contains === undefined || text.toLowerCase().includes(contains.toLowerCase())) return undefined;
  return `said ${quoted(service, text)}, expected ${JSON.stringify(contains)} in it`;
}

function tooSlow(what: string, tookMs: number | undefined, maxMs: number | undefined): string | undefined {
  if (tookMs === undefined || maxMs === undefined || tookMs <= maxMs) return undefined;
  return `${what} took ${formatDuration(tookMs)}, expected at most ${formatDuration(maxMs)}.`;
}
