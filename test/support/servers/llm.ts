import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { serveHttp } from './misbehaving.ts';
import type { Ending } from './server.ts';

export interface LlmServer {
  /** Without a slash at the end, and without what the API adds. */
  readonly url: string;
  /** The bodies of the questions that were asked. */
  readonly asked: readonly Record<string, unknown>[];
  /** How often the list of models was looked at. */
  readonly listed: () => number;
}

export interface LlmOptions {
  readonly models?: readonly string[];
  /** In the pieces in which it comes. */
  readonly words?: readonly string[];
  /** The key that has to be sent. */
  readonly token?: string;
  /** Before the first word, and between the words. */
  readonly waitMs?: number;
  /** Another answer to a question than one that is fine. */
  readonly answer?: (response: ServerResponse, body: Record<string, unknown>) => void;
}

/**
 * Speaks as https://platform.openai.com/docs/api-reference/chat below `/v1`, and as https://docs.ollama.com/api below
 * `/api`. The role comes at once, as it does from most servers, and says nothing of when the first word does.
 */
export async function serveLlm(ending: Ending, options: LlmOptions = {}): Promise<LlmServer> {
  const { models = ['small-1'], token } = options;
  const asked: Record<string, unknown>[] = [];
  let listed = 0;
  const port = await serveHttp(ending, async (request, response) => {
    const { url = '' } = request;
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) {
      json(response, 401, { error: { message: `Incorrect API key: ${request.headers.authorization}` } });
      return;
    }
    if (url === '/v1/models') {
      listed += 1;
      json(response, 200, { object: 'list', data: models.map((id) => ({ id, object: 'model', owned_by: 'x' })) });
    } else if (url === '/api/tags') {
      listed += 1;
      json(response, 200, { models: models.map((name) => ({ name, size: 1, digest: 'x' })) });
    } else if (url === '/v1/chat/completions' || url === '/api/chat') {
      const body = await bodyOf(request);
      asked.push(body);
      if (options.answer !== undefined) options.answer(response, body);
      else await (url === '/api/chat' ? speakOllama : speakOpenAi)(response, body, options);
    } else json(response, 404, { error: { message: 'not found' } });
  });
  return { url: `http://127.0.0.1:${port}`, asked, listed: () => listed };
}

export function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return JSON.parse(body) as Record<string, unknown>;
}

async function speakOpenAi(
  response: ServerResponse,
  { model }: Record<string, unknown>,
  { words = ['Ok', '.'], waitMs = 0 }: LlmOptions,
): Promise<void> {
  const event = (delta: object, finish: string | null = null) => {
    const choices = [{ index: 0, delta, finish_reason: finish }];
    response.write(`data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', model, choices })}\n\n`);
  };
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  event({ role: 'assistant', content: '' });
  for (const word of words) {
    await sleep(waitMs);
    event({ content: word });
  }
  event({}, 'stop');
  response.end('data: [DONE]\n\n');
}

async function speakOllama(
  response: ServerResponse,
  { model }: Record<string, unknown>,
  { words = ['Ok', '.'], waitMs = 0 }: LlmOptions,
): Promise<void> {
  const line = (content: string, rest: object) =>
    response.write(`${JSON.stringify({ model, message: { role: 'assistant', content }, ...rest })}\n`);
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  for (const word of words) {
    await sleep(waitMs);
    line(word, { done: false });
  }
  line('', { done: true, done_reason: 'stop', prompt_eval_count: 28, eval_count: words.length });
  response.end();
}
