import * as z from 'zod';
import type { CheckResult, ProbeIo } from '../monitor-type.ts';
import { type LlmAnswer, type LlmKind, llmStream } from './llm-stream.ts';
import { ask, quoted, read, type WebService } from './web-service.ts';

const MODELS_BYTES_MAX = 8 * 1024 * 1024;
const OK = 200;
const BAD_REQUEST = 400;
const NOT_FOUND = new Set([404, 405, 501]);
const ALL_USED = new Set([402, 429]);
/** Roughly, where the other side does not count: rather too many than too few. */
/** A gateway may say more to a model than we do, and a model think more than it says. */
const UNSEEN_TOKENS_MAX = 10_000;
const CHARS_PER_TOKEN = 2;

type Failed = { readonly failure: CheckResult };

const OpenAiModels = z
  .object({ data: z.array(z.object({ id: z.string() })) })
  .transform(({ data }) => data.map(({ id }) => id));
const OllamaModels = z
  .object({ models: z.array(z.object({ name: z.string() })) })
  .transform(({ models }) => models.map(({ name }) => name));

const API = {
  openai: { models: '/models', chat: '/chat/completions', shape: OpenAiModels },
  ollama: { models: '/api/tags', chat: '/api/chat', shape: OllamaModels },
} as const;

/** Which models there are, which costs nothing; undefined where nobody tells. */
export async function modelsOf(
  service: WebService,
  kind: LlmKind,
  io: ProbeIo,
): Promise<
  { readonly models: readonly string[] | undefined; readonly latencyMs: number; readonly text: string } | Failed
> {
  const { models: path, shape } = API[kind];
  const asked = await ask(service, { method: 'GET', path, bytesMax: MODELS_BYTES_MAX }, io);
  if ('failure' in asked) return asked;
  const { latencyMs, status, text } = asked.answer;
  if (NOT_FOUND.has(status)) return { models: undefined, latencyMs, text: '' };
  if (status !== OK) return { failure: refusal(service, status, { latencyMs, text }) };
  const said = read<readonly string[]>(service, asked.answer, shape);
  return 'failure' in said ? said : { models: said.content, latencyMs, text };
}

/** Ollama adds a tag that nobody writes, and Google a folder. */
export function hasModel(models: readonly string[], model: string): boolean {
  return [model, `${model}:latest`, `models/${model}`].some((name) => models.includes(name));
}

export interface ChatQuestion {
  readonly kind: LlmKind;
  readonly model: string;
  readonly prompt: string;
  readonly tokensMax: number;
  /** Newer models of OpenAI know the limit by this name only. */
  readonly limit: 'max_tokens' | 'max_completion_tokens';
}

export interface ChatAnswer {
  readonly answer: LlmAnswer;
  /** Until the first word, if it came by itself; undefined when the answer came as a whole. */
  readonly firstTokenMs: number | undefined;
  readonly totalMs: number;
  readonly tokens: number;
}

/** One short question, and its answer as it comes. `otherLimit`: it has to be asked with the other name of the limit. */
export async function chat(
  service: WebService,
  question: ChatQuestion,
  io: ProbeIo,
): Promise<ChatAnswer | (Failed & { readonly otherLimit?: true })> {
  const stream = llmStream(question.kind);
  const startedAt = io.clock.ticks();
  let firstTokenMs: number | undefined;
  const onChunk = (chunk: Uint8Array) => {
    const { hasBegun } = stream.push(chunk);
    if (hasBegun) firstTokenMs ??= io.clock.ticks() - startedAt;
  };
  const json = bodyOf(question);
  const headers = { accept: 'text/event-stream, application/x-ndjson, application/json' };
  const path = API[question.kind].chat;
  const asked = await ask(service, { method: 'POST', path, json, headers, onChunk }, io);
  if ('failure' in asked) return asked;
  const totalMs = io.clock.ticks() - startedAt;
  const { status, text } = asked.answer;
  if (status !== OK) {
    const failure = refusal(service, status, { latencyMs: totalMs, text });
    const isAboutLimit =
      status === BAD_REQUEST && question.limit === 'max_tokens' && /max_completion_tokens/.test(text);
    return isAboutLimit ? { failure, otherLimit: true } : { failure };
  }
  const answer = stream.end();
  const isStreamed = !/^application\/json\b/.test(asked.answer.headers['content-type'] ?? '');
  return { answer, firstTokenMs: isStreamed ? firstTokenMs : undefined, totalMs, tokens: tokensOf(answer, question) };
}

function bodyOf({ kind, model, prompt, tokensMax, limit }: ChatQuestion): object {
  const messages = [{ role: 'user', content: prompt }];
  return kind === 'ollama'
    ? { model, messages, stream: true, options: { num_predict: tokensMax } }
    : { model, messages, stream: true, [limit]: tokensMax };
}

/** What the other side counts, as far as that can be: a wrong count must not use up the budget of a day. */
function tokensOf({ tokens, text }: LlmAnswer, { prompt, tokensMax }: ChatQuestion): number {
  const seen = Math.ceil(prompt.length / CHARS_PER_TOKEN) + Math.max(tokensMax, text.length / CHARS_PER_TOKEN);
  return Math.min(tokens ?? seen, seen + UNSEEN_TOKENS_MAX);
}

const Told = z.object({
  error: z.union([z.string(), z.object({ message: z.string() }).transform(({ message }) => message)]),
});

/** What a status means that is no success. */
function refusal(
  service: WebService,
  status: number,
  { text, latencyMs }: { readonly text: string; readonly latencyMs: number },
): CheckResult {
  const { data: told } = Told.safeParse(jsonOf(text));
  const words = told === undefined ? '' : ` It says ${quoted(service, told.error)}.`;
  const meaning = ALL_USED.has(status)
    ? `takes no more questions for now (status ${status}): what may be asked is used up.`
    : `answered ${status}, expected 200.`;
  return { state: 'down', latencyMs, reason: `${service.place} ${meaning}${words}` };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
