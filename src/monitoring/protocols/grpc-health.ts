import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders, IncomingHttpStatusHeader } from 'node:http2';
import type { Duplex } from 'node:stream';
import { Complaint } from './conversation.ts';
import { decodeStatus, encodeService, frameOf, messageIn } from './grpc-messages.ts';

/** A call of grpc.health.v1.Health/Check (https://github.com/grpc/grpc/blob/master/doc/health-checking.md). */
export interface HealthQuestion {
  /** Host and port, as the server is called. */
  readonly authority: string;
  readonly isEncrypted: boolean;
  /** Empty asks for the server as a whole. */
  readonly service: string;
  /** Names in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

export interface HealthAnswer {
  /** https://grpc.io/docs/guides/status-codes/ */
  readonly code: number;
  /** A number of `ServingStatus`; undefined unless the code is 0. */
  readonly status: number | undefined;
}

const PATH = '/grpc.health.v1.Health/Check';
const MESSAGE_BYTES_MAX = 4096;
const ENDED = 'closed the connection without an answer';

/** Over a socket that is connected already. Throws a `Complaint`, or what the socket throws. */
export async function askHealth(socket: Duplex, question: HealthQuestion): Promise<HealthAnswer> {
  // oxlint-disable-next-line evenkeel/io-at-the-edge -- it opens no socket: the one it speaks through is handed to it
  const http2 = await import('node:http2');
  const { promise, resolve, reject } = Promise.withResolvers<HealthAnswer>();
  const session = http2.connect(`${question.isEncrypted ? 'https' : 'http'}://${question.authority}`, {
    createConnection: () => socket,
    maxSessionMemory: 1,
    settings: { enablePush: false },
  });
  // Where a call cannot even begin nobody waits for this, and the session that closes then rejects it.
  promise.catch(() => undefined);
  const fail = (error: unknown) => reject(understood(error));
  session.on('error', fail);
  session.once('close', () => reject(new Complaint(ENDED)));
  try {
    const stream = session.request(headersOf(question));
    stream.on('error', fail);
    // The one call is over: what has not been said until the session closes will not be.
    stream.once('close', () => session.destroy());
    receive(stream, resolve, fail);
    stream.end(frameOf(encodeService(question.service)));
    return await promise;
  } catch (error) {
    throw understood(error);
  } finally {
    endWith(session);
  }
}

/** What was learned stays learned, whatever breaks afterwards. */
function endWith(session: ClientHttp2Session): void {
  session.on('error', () => undefined);
  session.destroy();
}

function headersOf({ authority, isEncrypted, metadata, timeoutMs }: HealthQuestion) {
  return {
    ...metadata,
    ':method': 'POST',
    ':path': PATH,
    ':scheme': isEncrypted ? 'https' : 'http',
    ':authority': authority,
    'content-type': 'application/grpc',
    te: 'trailers',
    'user-agent': 'Evenkeel',
    // At most eight digits (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md); minutes have fewer.
    'grpc-timeout': `${Math.ceil(timeoutMs)}m`,
  };
}

function receive(
  stream: ClientHttp2Stream,
  resolve: (answer: HealthAnswer) => void,
  fail: (error: unknown) => void,
): void {
  let headers: ResponseHeaders = {};
  let body: Buffer = Buffer.alloc(0);
  const conclude = (last: IncomingHttpHeaders) => {
    try {
      resolve(answerFrom(last, body));
    } catch (error) {
      fail(error);
    }
  };
  stream.once('response', (received) => {
    headers = received;
    const complaint = strangeness(received);
    if (complaint !== undefined) fail(new Complaint(complaint));
  });
  stream.on('data', (chunk: Buffer) => {
    body = Buffer.concat([body, chunk]);
    if (body.length > MESSAGE_BYTES_MAX) fail(new Complaint('sends an answer that is too long'));
  });
  stream.once('trailers', conclude);
  // An answer without a message has its status in the one set of headers that there is.
  stream.once('end', () => {
    if (headers['grpc-status'] !== undefined) conclude(headers);
  });
}

type ResponseHeaders = IncomingHttpHeaders & IncomingHttpStatusHeader;

function strangeness({ ':status': status, 'content-type': type = '' }: ResponseHeaders): string | undefined {
  if (status !== 200) return `answered ${String(status)}, expected 200: it speaks HTTP, but not gRPC`;
  return type.startsWith('application/grpc') ? undefined : 'speaks HTTP, but not gRPC';
}

function answerFrom({ 'grpc-status': said }: IncomingHttpHeaders, body: Buffer): HealthAnswer {
  if (typeof said !== 'string' || !/^\d{1,4}$/.test(said)) throw new Complaint('ended its answer without a status');
  const code = Number(said);
  return { code, status: code === 0 ? decodeStatus(messageIn(body)) : undefined };
}

/** What breaks below is told by its own code; what HTTP/2 cannot make sense of is no HTTP/2. */
function understood(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ERR_HTTP2_INVALID_SESSION') return new Complaint(ENDED);
  return code.startsWith('ERR_HTTP2') || code === 'ERR_STREAM_PREMATURE_CLOSE'
    ? new Complaint('does not speak HTTP/2, which gRPC is spoken over')
    : error;
}
