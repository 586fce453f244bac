import * as z from 'zod';

/** One event of a stream: a model says a word or two in it, and a gateway at most what went wrong. */
const EVENT_CHARS_MAX = 64 * 1024;
const TEXT_CHARS_MAX = 64 * 1024;

export type LlmKind = 'openai' | 'ollama';

/** What a streamed answer has told so far. */
export interface LlmAnswer {
  /** Cut to what a check may need. */
  readonly text: string;
  /** The first word has come, be it of the answer or of the thoughts before it. */
  readonly hasBegun: boolean;
  /** Why it ended, e.g. `stop` or `length`; undefined while it has not. */
  readonly endedBecause: string | undefined;
  /** As the other side counts them; undefined when it does not. */
  readonly tokens: number | undefined;
  /** What it says went wrong. */
  readonly error: string | undefined;
  /** Something came that is no event of such a stream. */
  readonly isUnreadable: boolean;
}

export interface LlmStream {
  /** Takes the next bytes, however they were cut. */
  push(chunk: Uint8Array): LlmAnswer;
  /** There are no more. */
  end(): LlmAnswer;
}

/** What one event says. */
interface Piece {
  readonly text?: string;
  readonly isThought?: boolean;
  readonly endedBecause?: string;
  readonly tokens?: number;
  readonly error?: string;
}

/**
 * Understands an answer while it comes: server-sent events with chunks of a chat completion
 * (https://platform.openai.com/docs/api-reference/chat-streaming), or a line of JSON for each piece
 * (https://docs.ollama.com/api/chat).
 */
export function llmStream(kind: LlmKind): LlmStream {
  const decoder = new TextDecoder();
  let rest = '';
  let answer: LlmAnswer = {
    text: '',
    hasBegun: false,
    endedBecause: undefined,
    tokens: undefined,
    error: undefined,
    isUnreadable: false,
  };

  return {
    push: (chunk) => take(decoder.decode(chunk, { stream: true })),
    end() {
      take(`${decoder.decode()}\n`);
      return answer;
    },
  };

  function take(text: string): LlmAnswer {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) takeLine(line);
    if (rest.length > EVENT_CHARS_MAX) answer = { ...answer, isUnreadable: true };
    if (answer.isUnreadable) rest = '';
    return answer;
  }

  function takeLine(line: string): void {
    const data = dataIn(line.trimEnd());
    if (data === undefined || answer.isUnreadable) return;
    if (kind === 'openai' && data === '[DONE]') {
      answer = { ...answer, endedBecause: answer.endedBecause ?? 'stop' };
      return;
    }
    const piece = data.length > EVENT_CHARS_MAX ? undefined : PIECES[kind](jsonOf(data));
    answer = piece === undefined ? { ...answer, isUnreadable: true } : withPiece(answer, piece);
  }

  /** Undefined for what carries nothing: comments, empty lines, names of events. */
  function dataIn(line: string): string | undefined {
    if (line === '') return undefined;
    if (kind === 'ollama' || line.startsWith('{')) return line;
    if (line.startsWith('data:')) return line.slice('data:'.length).trimStart();
    return /^(?::|event:|id:|retry:)/.test(line) ? undefined : line;
  }
}

function withPiece(answer: LlmAnswer, { text = '', isThought = false, ...piece }: Piece): LlmAnswer {
  return {
    ...answer,
    text: isThought ? answer.text : (answer.text + text).slice(0, TEXT_CHARS_MAX),
    hasBegun: answer.hasBegun || text !== '',
    endedBecause: piece.endedBecause ?? answer.endedBecause,
    tokens: piece.tokens ?? answer.tokens,
    error: piece.error ?? answer.error,
  };
}

const ErrorText = z.union([
  z.string(),
  z.object({ message: z.string() }).transform(({ message }) => message),
  z.unknown().transform(() => 'an error'),
]);
const Count = z.number().nonnegative().nullish();

const Said = z
  .object({ content: z.string().nullish(), reasoning_content: z.string().nullish(), reasoning: z.string().nullish() })
  .transform((said) => saying(said.content, said.reasoning_content ?? said.reasoning));
const Chunk = z.object({
  choices: z
    .array(z.object({ delta: Said.optional(), message: Said.optional(), finish_reason: z.string().nullish() }))
    .max(100),
  usage: z.object({ total_tokens: Count }).nullish(),
});
const Failed = z.object({ error: ErrorText });

const Line = z.object({
  message: z.object({ content: z.string().nullish(), thinking: z.string().nullish() }).optional(),
  done: z.boolean(),
  done_reason: z.string().nullish(),
  prompt_eval_count: Count,
  eval_count: Count,
});

const PIECES: Readonly<Record<LlmKind, (event: unknown) => Piece | undefined>> = {
  openai(event) {
    const { data } = Chunk.safeParse(event);
    if (data === undefined) return failureIn(event);
    const [choice] = data.choices;
    // Who does not stream sends the same with a `message` in it.
    return {
      ...(choice?.delta ?? choice?.message),
      ...endOf(choice?.finish_reason),
      ...costOf(data.usage?.total_tokens),
    };
  },
  ollama(event) {
    const { data } = Line.safeParse(event);
    if (data === undefined) return failureIn(event);
    const { message, done, done_reason: reason, prompt_eval_count: asked, eval_count: answered } = data;
    return {
      ...saying(message?.content, message?.thinking),
      ...endOf(done ? (reason ?? 'stop') : undefined),
      ...costOf(answered === undefined || answered === null ? undefined : answered + (asked ?? 0)),
    };
  },
};

function saying(text: string | null | undefined, thought: string | null | undefined): Piece {
  if (text !== undefined && text !== null && text !== '') return { text };
  return thought === undefined || thought === null ? {} : { text: thought, isThought: true };
}

function endOf(reason: string | null | undefined): Piece {
  return reason === undefined || reason === null ? {} : { endedBecause: reason };
}

function costOf(tokens: number | null | undefined): Piece {
  return tokens === undefined || tokens === null ? {} : { tokens };
}

function failureIn(event: unknown): Piece | undefined {
  const { data } = Failed.safeParse(event);
  return data === undefined ? undefined : { error: data.error };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
