import { createHash } from 'node:crypto';
import type { ByteReader } from './byte-reader.ts';
import { WebSocketBroken } from './websocket-frames.ts';

export interface Opening {
  readonly url: URL;
  /** 16 bytes of chance, base64. */
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly protocol?: string;
}

/** RFC 6455 §1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const HEAD_BYTES_MAX = 16 * 1024;
const SHOWN_CHARS_MAX = 60;
const NO_HTTP = 'did not answer the handshake with HTTP';

/** RFC 6455 §4.1; the headers of the manifest win. */
export function openingRequest({ url, key, headers, protocol }: Opening): string {
  const all = new Map([
    ['host', url.host],
    ['user-agent', 'Evenkeel'],
    ...Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const),
    ['upgrade', 'websocket'],
    ['connection', 'Upgrade'],
    ['sec-websocket-key', key],
    ['sec-websocket-version', '13'],
    ...(protocol === undefined ? [] : [['sec-websocket-protocol', protocol] as const]),
  ]);
  const lines = [...all].map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

/** The status of the answer; 101 only if it really opens a WebSocket. Throws `WebSocketBroken`. */
export async function readOpening(reader: ByteReader, opening: Opening): Promise<number> {
  const { key, protocol } = opening;
  const head = await reader.until('\r\n\r\n', HEAD_BYTES_MAX);
  if (head === undefined) throw new WebSocketBroken(NO_HTTP);
  const [first = '', ...lines] = head.toString('latin1').split('\r\n');
  const [, status] = /^HTTP\/1\.1 (?<status>\d{3})(?: |$)/.exec(first) ?? [];
  if (status === undefined) throw new WebSocketBroken(mayBeShown(opening) ? answered(first) : NO_HTTP);
  if (status === '101') verify(headersOf(lines), key, protocol);
  return Number(status);
}

/** Many a server says what it did not understand, and with it what was secret in it. */
function mayBeShown({ url, headers }: Opening): boolean {
  return url.search === '' && Object.keys(headers).length === 0;
}

function answered(line: string): string {
  return `answered ${JSON.stringify(line.slice(0, SHOWN_CHARS_MAX))}`;
}

function verify(headers: ReadonlyMap<string, string>, key: string, protocol: string | undefined): void {
  const accept = createHash('sha1').update(`${key}${GUID}`).digest('base64');
  const connection =
    headers
      .get('connection')
      ?.toLowerCase()
      .split(/\s*,\s*/) ?? [];
  if (headers.get('upgrade')?.toLowerCase() !== 'websocket' || !connection.includes('upgrade')) {
    throw new WebSocketBroken('switched to another protocol than WebSocket');
  }
  if (headers.get('sec-websocket-accept') !== accept) {
    throw new WebSocketBroken('proves with a wrong Sec-WebSocket-Accept that it did not read the handshake');
  }
  if (headers.has('sec-websocket-extensions')) throw new WebSocketBroken('uses an extension nobody asked for');
  const chosen = headers.get('sec-websocket-protocol');
  if (chosen === protocol) return;
  throw new WebSocketBroken(chosen === undefined ? 'does not speak the protocol asked for' : 'chose another protocol');
}

function headersOf(lines: readonly string[]): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return headers;
}
