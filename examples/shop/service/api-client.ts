import type * as z from 'zod';
import { Unavailable } from './server.ts';

/** How web and worker speak to the api: always with a deadline, and never trusting the shape of an answer. */
export interface ApiClient {
  /** Undefined when the api has no such thing. Rejects with `Unavailable` when the api does not do its job. */
  get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema> | undefined>;
  /** The status and the text of the answer: a refusal is an answer too. */
  post(path: string, body: unknown): Promise<{ readonly status: number; readonly text: string }>;
}

const TIMEOUT_MS = 2_000;
const SERVER_ERROR = 500;

export function createApiClient(baseUrl: string): ApiClient {
  async function call(path: string, init: RequestInit): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(new URL(path, baseUrl), { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
    } catch (error) {
      throw new Unavailable('the api does not answer', { cause: error });
    }
    if (response.status >= SERVER_ERROR) throw new Unavailable(`the api answers ${response.status}`);
    return response;
  }

  return {
    async get(path, schema) {
      const response = await call(path, {});
      return response.status === 404 ? undefined : schema.parse(await response.json());
    },
    async post(path, body) {
      const headers = { 'content-type': 'application/json' };
      const response = await call(path, { method: 'POST', headers, body: JSON.stringify(body) });
      return { status: response.status, text: await response.text() };
    },
  };
}
