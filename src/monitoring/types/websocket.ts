import * as z from 'zod';
import { SECOND_MS } from '../../kernel/clock.ts';
import { formatDuration } from '../../kernel/duration.ts';
import type { Target } from '../../kernel/net.ts';
import { secretText } from '../../kernel/secret-text.ts';
import { expectations } from '../expectations/expectations.ts';
import { unreached, withExpectations } from '../expectations/verdict.ts';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { downBecause, throwIfShutDown } from '../protocols/failure.ts';
import { secretsSaid, sentSecrets } from '../protocols/sent-secrets.ts';
import { serverAddressOf, serverUrl } from '../protocols/server-address.ts';
import { type WebSocketClient, webSocketOver } from '../protocols/websocket.ts';
import { WebSocketBroken } from '../protocols/websocket-frames.ts';

const SWITCHING = 101;
const MESSAGES_MAX = 1_000;
const GOODBYE_MS = SECOND_MS;
/** A goodbye that means no harm: as agreed, without a code, or none at all. */
const HARMLESS_CODES: ReadonlySet<number> = new Set([1000, 1005, 1006]);
const HEADER_NAME = /^[!#$%&'*+.^_`|~\w-]+$/;
const HEADER_VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;
const TEXT_CHARS_MAX = 10_000;

const WebSocketSettings = z.strictObject({
  websocket: serverUrl({ schemes: ['ws', 'wss'], example: 'wss://shop.example/live' }).describe(
    'Address to connect to, e.g. "wss://shop.example/live".',
  ),
  headers: z
    .record(
      z.string().regex(HEADER_NAME, 'Expected the name of a header, such as Origin.'),
      secretText(z.string().regex(HEADER_VALUE, 'Expected a single line of text.')),
    )
    .optional()
    .describe('Headers of the handshake, e.g. Origin or Authorization.'),
  protocol: z
    .string()
    .regex(HEADER_NAME, 'Expected the name of a protocol, such as graphql-transport-ws.')
    .optional()
    .describe('The protocol within WebSocket that the server has to agree to, e.g. "graphql-transport-ws".'),
  send: secretText(z.string().min(1).max(TEXT_CHARS_MAX)).optional().describe('Text to send once connected.'),
  receive: z
    .string()
    .min(1)
    .max(TEXT_CHARS_MAX)
    .optional()
    .describe('Text that has to stand in one of the messages that come.'),
  expect: expectations(['CONNECTED', 'STATUS', 'RESPONSE_TIME', 'BODY'])
    .optional()
    .describe(
      'Conditions that must all hold, or `{ down: […], degraded: […] }`. [STATUS] is that of the handshake, [BODY] the ' +
        'message that `receive` found.',
    ),
  verify_tls: z.boolean().default(true).describe('Whether the certificate must be valid. Default true.'),
});
type WebSocketSettings = z.output<typeof WebSocketSettings>;

export const websocket = defineMonitor({
  type: 'websocket',
  summary: 'Opens a WebSocket with a whole handshake and, if asked, sends a text and waits for another.',
  example: 'live: { websocket: "wss://shop.example/live", send: "ping", receive: "pong" }',
  testedAgainst: 'RFC 6455 by its bytes, websockets 10 (Python)',
  settings: WebSocketSettings,
  target: ({ websocket: url }) => placeOf(new URL(url.reveal())),
  check,
});

async function check(settings: WebSocketSettings, io: ProbeIo): Promise<CheckResult> {
  const url = new URL(settings.websocket.reveal());
  const startedAt = io.clock.ticks();
  try {
    const socket = await io.net.tcp.connect(targetOf(settings), io.signal);
    try {
      const client = webSocketOver(socket, (bytes) => Buffer.from(io.ids.secret(bytes), 'base64url'));
      return await converse(client, settings, io, startedAt);
    } finally {
      socket.destroy();
    }
  } catch (error) {
    if (error instanceof WebSocketBroken) return { state: 'down', reason: `${placeOf(url)} ${error.message}.` };
    return unreached(settings.expect, downBecause(error, io, url.host), io.clock.ticks() - startedAt);
  }
}

async function converse(
  client: WebSocketClient,
  settings: WebSocketSettings,
  io: ProbeIo,
  startedAt: number,
): Promise<CheckResult> {
  const url = new URL(settings.websocket.reveal());
  const where = placeOf(url);
  const key = Buffer.from(io.ids.secret(16), 'base64url').toString('base64');
  const status = await client.open({ url, key, headers: headersOf(settings), ...protocolOf(settings) });
  const found = status === SWITCHING ? await exchange(client, settings, io) : wrongStatus(status);
  const latencyMs = io.clock.ticks() - startedAt;
  const observed = {
    connected: true,
    status,
    responseTimeMs: latencyMs,
    ...(found.body !== undefined && { body: found.body }),
    secrets: secretsIn(settings),
  };
  const complaint = found.complaint ?? (await sayGoodbye(client, io));
  const own: CheckResult =
    complaint === undefined
      ? { state: 'up', latencyMs }
      : { state: 'down', latencyMs, reason: `${where} ${complaint}` };
  return withExpectations(settings.expect, own, observed);
}

interface Outcome {
  readonly complaint?: string;
  readonly body?: string;
}

function wrongStatus(status: number): Outcome {
  return { complaint: `answered ${status}, expected 101: it opens no WebSocket there.` };
}

/** Waits for the message that is asked for, however many others come before it. */
async function exchange(
  client: WebSocketClient,
  { send, receive }: WebSocketSettings,
  { signal, timeoutMs }: ProbeIo,
): Promise<Outcome> {
  if (send !== undefined) client.send(send.reveal());
  if (receive === undefined) return {};
  const wanted = `a message with ${JSON.stringify(receive)}`;
  for (let messages = 0; messages < MESSAGES_MAX; messages += 1) {
    const received = await client.receive().catch((error: unknown) => {
      throwIfShutDown(signal);
      if (messages === 0 || !signal.aborted) throw error;
    });
    if (received === undefined) {
      const others = messages === 1 ? 'another one' : `${messages} others`;
      return { complaint: `did not send ${wanted} within ${formatDuration(timeoutMs)}, but ${others}.` };
    }
    if ('closedWith' in received) return { complaint: `${goodbye(received.closedWith)} before it sent ${wanted}.` };
    if (received.text.includes(receive)) return { body: received.text };
  }
  return { complaint: `sent ${MESSAGES_MAX} messages, and none was ${wanted}.` };
}

/** What a server that refuses us says only after the handshake comes to light here. One that keeps silent is left. */
async function sayGoodbye(client: WebSocketClient, io: ProbeIo): Promise<string | undefined> {
  client.close();
  const over = new AbortController();
  const late = io.clock.sleep(GOODBYE_MS, AbortSignal.any([over.signal, io.signal])).catch(() => undefined);
  const code = await Promise.race([late, codeOfGoodbye(client)]);
  over.abort();
  return code === undefined || HARMLESS_CODES.has(code) ? undefined : `${goodbye(code)} right after the handshake.`;
}

async function codeOfGoodbye(client: WebSocketClient): Promise<number | undefined> {
  try {
    for (let messages = 0; messages < MESSAGES_MAX; messages += 1) {
      const received = await client.receive();
      if ('closedWith' in received) return received.closedWith;
    }
  } catch (error) {
    if (error instanceof WebSocketBroken) throw error;
    // The socket broke after all was said.
  }
  return undefined;
}

function goodbye(code: number): string {
  return code === 1006 ? 'ended the connection' : `closed the WebSocket with ${code}`;
}

function targetOf({ websocket: url, verify_tls: verify }: WebSocketSettings): Target {
  const isEncrypted = new URL(url.reveal()).protocol === 'wss:';
  const { host, port } = serverAddressOf(url, isEncrypted ? 443 : 80);
  return isEncrypted ? { host, port, tls: verify ? 'verified' : 'unverified' } : { host, port };
}

/** Credentials in the address become a header, which one of the same name replaces. */
function headersOf({ websocket: url, headers = {} }: WebSocketSettings): Readonly<Record<string, string>> {
  const { user, password } = serverAddressOf(url, 0);
  const credentials = Buffer.from(`${user}:${password}`).toString('base64');
  const hasCredentials = user !== '' || password !== '';
  return {
    ...(hasCredentials && { authorization: `Basic ${credentials}` }),
    ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.reveal()])),
  };
}

/** What a server may say back to us that is nobody else's business. */
function secretsIn(settings: WebSocketSettings): readonly string[] {
  const { websocket: url, send } = settings;
  const told = send === undefined ? [] : secretsSaid(send.reveal());
  return [...sentSecrets({ url: url.reveal(), headers: headersOf(settings) }), ...told];
}

function protocolOf({ protocol }: WebSocketSettings): { readonly protocol?: string } {
  return protocol === undefined ? {} : { protocol };
}

/** Host and path: a query often holds a token. */
function placeOf({ host, pathname }: URL): string {
  return pathname === '/' ? host : `${host}${pathname}`;
}
