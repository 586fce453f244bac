import type { Duplex } from 'node:stream';
import { type ByteReader, readerOf } from './byte-reader.ts';
import { Complaint } from './conversation.ts';

/** What a NATS server says of itself first (https://docs.nats.io/reference/reference-protocols/nats-protocol#info). */
export interface ServerInfo {
  readonly json: string;
  readonly needsTls: boolean;
  readonly hasTls: boolean;
  readonly needsLogin: boolean;
  /** Lets nobody in any more and sends those away who are in. */
  readonly isLeaving: boolean;
}

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

const INFO_BYTES_MAX = 65_536;
const LINES_MAX = 100;
const EXPECTED = 'does not answer as NATS does';

export async function readInfo(reader: ByteReader): Promise<ServerInfo> {
  const line = await readLine(reader);
  const info = infoIn(line);
  if (info === undefined) throw new Complaint(EXPECTED);
  return info;
}

/** Logs in, asks for a sign of life and tells what the server last said of itself. Throws a `Complaint`. */
export async function logIn(socket: Duplex, first: ServerInfo | undefined, credentials: Credentials) {
  const reader = readerOf(socket);
  let info = first ?? (await readInfo(reader));
  if (first === undefined && info.needsTls) throw new Complaint('asks for TLS: write natss: in its address');
  socket.write(`CONNECT ${JSON.stringify(greeting(credentials, first !== undefined))}\r\nPING\r\n`);
  for (let lines = 0; lines < LINES_MAX; lines += 1) {
    const line = await readLine(reader);
    if (line === 'PONG') return info;
    if (line === 'PING') socket.write('PONG\r\n');
    else if (line.startsWith('-ERR')) throw new Complaint(refusal(line, credentials));
    else info = infoIn(line) ?? info;
  }
  throw new Complaint('talks without end and does not answer to PING');
}

/** A name alone is a token, as in the clients of NATS. */
function greeting({ user, password }: Credentials, isEncrypted: boolean): object {
  const login = password === '' ? { auth_token: user } : { user, pass: password };
  return {
    verbose: false,
    pedantic: false,
    tls_required: isEncrypted,
    name: 'evenkeel',
    lang: 'node',
    version: '1',
    protocol: 1,
    ...(user === '' && password === '' ? {} : login),
  };
}

async function readLine(reader: ByteReader): Promise<string> {
  const line = await reader.until('\r\n', INFO_BYTES_MAX);
  if (line === undefined) throw new Complaint('ended the connection, or does not answer as NATS does');
  return line.toString();
}

/** Undefined for anything but `INFO {…}`. */
export function infoIn(line: string): ServerInfo | undefined {
  const [, json] = /^INFO\s+(?<json>\{.*\})\s*$/.exec(line) ?? [];
  if (json === undefined) return undefined;
  let told: unknown;
  try {
    told = JSON.parse(json);
  } catch {
    return undefined;
  }
  const said = new Map(Object.entries(Object(told)));
  return {
    json,
    needsTls: said.get('tls_required') === true,
    hasTls: said.get('tls_required') === true || said.get('tls_available') === true,
    needsLogin: said.get('auth_required') === true,
    isLeaving: said.get('ldm') === true,
  };
}

/** The words of the server are left out: it may repeat what it was told. */
function refusal(line: string, { user, password }: Credentials): string {
  if (/authorization violation/i.test(line)) {
    if (user === '' && password === '') return 'asks for credentials, and none are set';
    return password === '' ? 'rejects the token' : `rejects the password for user ${user}`;
  }
  const known: readonly (readonly [RegExp, string])[] = [
    [/maximum connections exceeded/i, 'takes no more connections'],
    [/tls required/i, 'asks for TLS: write natss: in its address'],
    [/authentication expired/i, 'says that the credentials have expired'],
    [/authentication timeout/i, 'did not wait for the login'],
    [/shutdown/i, 'is shutting down'],
  ];
  return known.find(([pattern]) => pattern.test(line))?.[1] ?? 'refused the connection with an error of its own';
}
