import type { RequestOptions } from 'node:http';
import type { Readable } from 'node:stream';
import * as z from 'zod';
import { type Clock, SECOND_MS } from '../../kernel/clock.ts';
import { formatDuration } from '../../kernel/duration.ts';
import { codeOf, type ErrorKind, EvenkeelError, REPORTED_AS } from '../../kernel/errors.ts';
import type { Secret } from '../../kernel/secret.ts';
import type { ApiAnswers, ApiInputs, ExportLine, HealthWord } from '../http/contract.ts';
import { errors } from './errors.ts';

/** The API of a running server, typed by its contract. Every call has a deadline and a limit on its answer. */
export interface ApiClient {
  /** The address, for people. */
  readonly where: string;
  /** True when the server was named by EVENKEEL_URL rather than found beside its data. */
  readonly isRemote: boolean;
  call<Route extends keyof ApiAnswers>(route: Route, ...input: InputOf<Route>): Promise<ApiAnswers[Route]>;
  /** Reads as it arrives: an export may be larger than memory. */
  export(input: ApiInputs['GET /api/v1/export']): AsyncIterable<ExportLine>;
  /** What a health endpoint says, also when it says that something fails. */
  health(endpoint: HealthEndpoint, isDetailed: boolean): Promise<HealthAnswer>;
}

type InputOf<Route> = Route extends keyof ApiInputs ? [input: ApiInputs[Route]] : [];

/** The server itself, or the application it watches. */
export type HealthEndpoint = '/health' | '/api/health';

const Health = z.looseObject({ status: z.enum(['pass', 'warn', 'fail'] satisfies HealthWord[]) });

/** One word for the whole and one for each part; people with the right to see it get more. */
export type HealthAnswer = z.output<typeof Health>;

export interface ApiConnection {
  /** EVENKEEL_URL; without it the admin socket is used. */
  readonly url: string | undefined;
  readonly token: Secret | undefined;
  readonly socketPath: string;
  /** Lets the token travel over plain http to another machine. */
  readonly isInsecureAllowed: boolean;
}

const ANSWER_TIMEOUT_MS = 30 * SECOND_MS;
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;
const LINE_CHARS_MAX = 1024 * 1024;

export function createApiClient(connection: ApiConnection, clock: Clock): ApiClient {
  const where = connection.url ?? connection.socketPath;

  const send = async (request: ApiRequest): Promise<ApiResponse> => {
    const target = targetOf(connection);
    // A call is short in all; an export may take long, but never fall silent for long.
    const signal = request.isLong === true ? undefined : clock.timeout(ANSWER_TIMEOUT_MS);
    try {
      return await exchange(target, request, signal);
    } catch (cause) {
      throw unreachable(cause, connection, where);
    }
  };

  const answer = async (request: ApiRequest): Promise<unknown> => {
    const response = await send(request);
    const body = await readWhole(response.body).catch((cause: unknown) => {
      throw unreachable(cause, connection, where);
    });
    if (response.status >= 200 && response.status < 300) return parseJson(body, where);
    if (request.isHealth === true && response.status === REPORTED_AS.unavailable.httpStatus)
      return parseJson(body, where);
    throw refusal(response.status, body, where);
  };

  return {
    where,
    isRemote: connection.url !== undefined,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the contract is what the server promises
    call: async (route, ...[input]) => (await answer(requestFor(route, input ?? {}))) as ApiAnswers[typeof route],
    health: async (endpoint, isDetailed) => {
      const path = isDetailed ? `${endpoint}?detail=true` : endpoint;
      const health = Health.safeParse(await answer({ method: 'GET', path, isHealth: true }));
      if (!health.success) throw errors.CLI_ANSWER_UNREADABLE({ where, cause: 'no health in the answer' });
      return health.data;
    },
    async *export(input) {
      const response = await send({ ...requestFor('GET /api/v1/export', input), isLong: true });
      if (response.status !== 200) throw refusal(response.status, await readWhole(response.body), where);
      for await (const line of linesOf(response.body, connection, where)) {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
        yield parseJson(line, where) as ExportLine;
      }
    },
  };
}

interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly isHealth?: boolean;
  readonly isLong?: boolean;
}

interface ApiResponse {
  readonly status: number;
  readonly body: Readable;
}

/** `GET /api/v1/monitors/:name` and `{ name, days }` become the path with the name in it and `?days=`. */
function requestFor(route: string, input: object): ApiRequest {
  const [method = '', template = ''] = route.split(' ');
  const rest = new Map<string, unknown>(Object.entries(input).filter(([, value]) => value !== undefined));
  const path = template.replaceAll(/:(?<name>\w+)/g, (_match, name: string) => {
    const value = String(rest.get(name));
    rest.delete(name);
    return encodeURIComponent(value);
  });
  if (method === 'POST') return { method, path, body: JSON.stringify(Object.fromEntries(rest)) };
  const query = new URLSearchParams([...rest].map(([name, value]) => [name, String(value)])).toString();
  return { method, path: query === '' ? path : `${path}?${query}` };
}

interface ApiTarget {
  readonly isTls: boolean;
  readonly options: RequestOptions;
  readonly basePath: string;
  readonly headers: Readonly<Record<string, string>>;
}

function targetOf({ url: address, token, socketPath, isInsecureAllowed }: ApiConnection): ApiTarget {
  if (address === undefined) return { isTls: false, options: { socketPath }, basePath: '', headers: {} };
  const url = parseAddress(address);
  const isTls = url.protocol === 'https:';
  if (token !== undefined && !isTls && !isLoopback(url.hostname) && !isInsecureAllowed) {
    throw errors.CLI_TOKEN_IN_CLEAR({ where: url.host });
  }
  return {
    isTls,
    // An IPv6 address stands in brackets in a URL and without them in a socket address.
    options: { host: url.hostname.replaceAll(/[[\]]/g, ''), ...(url.port === '' ? {} : { port: url.port }) },
    basePath: url.pathname.replace(/\/+$/, ''),
    headers: token === undefined ? {} : { authorization: `Bearer ${token.reveal()}` },
  };
}

function parseAddress(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined) throw errors.CLI_URL_INVALID({ problem: 'it cannot be read as a URL' });
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw errors.CLI_URL_INVALID({ problem: `it starts with ${url.protocol} instead of https: or http:` });
  }
  if (url.username !== '' || url.password !== '') {
    throw errors.CLI_URL_INVALID({ problem: 'it carries a user name or a password' });
  }
  if (url.search !== '' || url.hash !== '') throw errors.CLI_URL_INVALID({ problem: 'it carries a query' });
  return url;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function exchange(
  target: ApiTarget,
  { method, path, body }: ApiRequest,
  signal: AbortSignal | undefined,
): Promise<ApiResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<ApiResponse>();
  // `import … from 'node:http'` also loads all of undici, for one of its exports.
  const client = process.getBuiltinModule(target.isTls ? 'node:https' : 'node:http');
  const request = client.request({
    ...target.options,
    method,
    path: `${target.basePath}${path}`,
    headers: {
      ...target.headers,
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    },
    agent: false,
    timeout: ANSWER_TIMEOUT_MS,
    ...(signal === undefined ? {} : { signal }),
  });
  request.on('timeout', () => request.destroy(new DOMException('No data for too long.', 'TimeoutError')));
  request.on('error', (error) => reject(signal?.aborted === true ? signal.reason : error));
  request.on('response', (response) => resolve({ status: response.statusCode ?? 0, body: response }));
  request.end(body);
  return promise;
}

async function* linesOf(body: Readable, connection: ApiConnection, where: string): AsyncGenerator<string> {
  try {
    let rest = '';
    for await (const text of body.setEncoding('utf8')) {
      const lines = `${rest}${String(text)}`.split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > LINE_CHARS_MAX) throw new RangeError('A line of the answer is too long.');
      yield* lines.filter((line) => line !== '');
    }
    if (rest !== '') yield rest;
  } catch (cause) {
    throw unreachable(cause, connection, where);
  }
}

async function readWhole(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a stream without an encoding yields buffers
    chunks.push(chunk as Buffer);
    length += chunks.at(-1)?.length ?? 0;
    if (length > ANSWER_BYTES_MAX) throw new RangeError('The answer is too long.');
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw errors.CLI_ANSWER_UNREADABLE({ where, cause: 'the answer is not JSON' }, { cause });
  }
}

const Refusal = z.object({ error: z.object({ code: z.string(), message: z.string(), hint: z.string() }) });

function refusal(status: number, body: string, where: string): EvenkeelError {
  const kind = kindOf(status);
  const refused = Refusal.safeParse(body.startsWith('{') ? parseJson(body, where) : undefined);
  if (kind === 'unauthorized') {
    return errors.CLI_NOT_SIGNED_IN({ where, reason: refused.data?.error.message ?? 'it asks for a token.' });
  }
  if (!refused.success && kind === 'defect') return errors.CLI_SERVER_DEFECT({ where, status });
  if (!refused.success) return errors.CLI_ANSWER_UNREADABLE({ where, cause: `HTTP ${status}` });
  const { code, message, hint } = refused.data.error;
  return new EvenkeelError(code, { kind, message, hint });
}

/** The table every face reports by, read backwards; what is not in it is the caller's doing below 500. */
function kindOf(status: number): ErrorKind {
  for (const [kind, { httpStatus }] of Object.entries(REPORTED_AS)) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of REPORTED_AS are exactly the kinds
    if (httpStatus === status) return kind as ErrorKind;
  }
  return status > 500 ? 'unavailable' : 'invalid';
}

function unreachable(cause: unknown, { url }: ApiConnection, where: string): EvenkeelError {
  if (cause instanceof EvenkeelError) return cause;
  const code = codeOf(cause);
  const isTimeout = cause instanceof DOMException && cause.name === 'TimeoutError';
  if (isTimeout) return errors.CLI_SERVER_SLOW({ where, limit: formatDuration(ANSWER_TIMEOUT_MS) }, { cause });
  if (url === undefined && code === 'EACCES') return errors.CLI_SOCKET_FORBIDDEN({ where }, { cause });
  return errors.CLI_SERVER_UNREACHABLE({ where, cause: code }, { cause });
}
