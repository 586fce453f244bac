import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { serveHttp } from './misbehaving.ts';
import type { Ending } from './server.ts';

/** What a receiver does with a request it has read. */
export type Behaviour =
  | 'take'
  | 'hang'
  | 'reset'
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string };

export interface ReceivedWebhook {
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: {
    readonly type: string;
    readonly timestamp: string;
    readonly data: Readonly<Record<string, unknown>>;
  };
  readonly receivedAt: number;
}

export interface WebhookReceiver {
  readonly url: string;
  /** Every request that was rightly made, whatever was answered. */
  readonly received: readonly ReceivedWebhook[];
  /** What was wrong with each of the others. */
  readonly problems: readonly string[];
  /** From now on; several are for one request each, and the last one stays. */
  behave(...behaviours: readonly Behaviour[]): void;
}

export interface WebhookReceiverOptions {
  /** `whsec_…`; without it requests must not be signed. */
  readonly secret?: string;
  readonly path?: string;
}

const TOLERANCE_SECONDS = 300;
const BODY_BYTES_MAX = 20_000;

/** Takes what keeps to Standard Webhooks 1.0.0 and answers 401 to the rest. */
export async function startWebhookReceiver(
  ending: Ending,
  { secret, path = '/hook' }: WebhookReceiverOptions = {},
): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = [];
  const problems: string[] = [];
  const { behave, next } = script();
  const port = await serveHttp(ending, async (request, response) => {
    const text = await bodyOf(request);
    const problem = problemOf(request, text, secret);
    if (problem !== undefined) {
      problems.push(problem);
      return void response.writeHead(401).end();
    }
    const { headers } = request;
    received.push({ id: one(headers['webhook-id']), headers, text, body: JSON.parse(text), receivedAt: Date.now() });
    return act(next(), response);
  });
  return { url: `http://127.0.0.1:${port}${path}`, received, problems, behave };
}

function problemOf({ method, headers }: IncomingMessage, text: string, secret: string | undefined): string | undefined {
  const id = one(headers['webhook-id']);
  const timestamp = one(headers['webhook-timestamp']);
  const signatures = one(headers['webhook-signature']).split(' ').filter(Boolean);
  const content = `${id}.${timestamp}.${text}`;
  const isSigned = secret !== undefined && signatures.some((signature) => isSignedBy(secret, signature, content));
  const demands: readonly (readonly [boolean, string])[] = [
    [method === 'POST', `The method is ${method}.`],
    [headers['content-type'] === 'application/json', `The content type is ${headers['content-type']}.`],
    [Buffer.byteLength(text) < BODY_BYTES_MAX, 'The body has 20 kB or more.'],
    [id !== '' && !id.includes('.'), `The id is "${id}".`],
    [/^\d+$/.test(timestamp), `The timestamp is "${timestamp}".`],
    [Math.abs(Date.now() / 1000 - Number(timestamp)) <= TOLERANCE_SECONDS, 'The timestamp is too far from now.'],
    [secret !== undefined || signatures.length === 0, 'It is signed, and nobody said with what.'],
    [secret === undefined || isSigned, 'No signature is right.'],
  ];
  return demands.find(([isMet]) => !isMet)?.[1];
}

function isSignedBy(secret: string, signature: string, content: string): boolean {
  const [version, value = ''] = signature.split(',');
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key).update(content).digest();
  const actual = Buffer.from(value, 'base64');
  return version === 'v1' && actual.length === expected.length && timingSafeEqual(actual, expected);
}

/** What a receiver is told to do, one request after the other. */
export function script(): Pick<WebhookReceiver, 'behave'> & { next(): Behaviour } {
  let behaviours: readonly Behaviour[] = ['take'];
  return {
    behave(...told) {
      behaviours = told;
    },
    next() {
      const [first = 'take', ...rest] = behaviours;
      if (rest.length > 0) behaviours = rest;
      return first;
    },
  };
}

/** `taken` is what the receiver says when all is well. */
export function act(behaviour: Behaviour, response: ServerResponse, taken = ''): void {
  if (behaviour === 'hang') return;
  if (behaviour === 'reset') return void response.socket?.resetAndDestroy();
  const { status, headers = {}, body = '' } = behaviour === 'take' ? { status: 200, body: taken } : behaviour;
  response.writeHead(status, headers).end(body);
}

export async function bodyOf(request: Parameters<RequestListener>[0]): Promise<string> {
  return Buffer.concat(await Array.fromAsync(request)).toString('utf8');
}

function one(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' ? header : '';
}
