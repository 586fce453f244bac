import { isIP, type Socket } from 'node:net';
import type { Target } from '../../kernel/net.ts';
import { bytesOf } from './address.ts';
import { errors } from './errors.ts';
import type { Proxy } from './proxy.ts';

const VERSION = 5;
const NO_CREDENTIALS = 0;
const USER_AND_PASSWORD = 2;
const CONNECT = 1;
const COUNTED_BYTES_MAX = 255;
const ADDRESS_TYPE = { ipv4: 1, name: 3, ipv6: 4 } as const;

/** RFC 1928 §6, in words that fit behind `it says that`. */
const REFUSALS: Readonly<Record<number, string>> = {
  2: 'its rules do not allow it',
  3: 'no way leads to that network',
  4: 'no way leads to that host',
  5: 'the connection was refused',
  6: 'it took too many hops',
  7: 'it does not connect for others',
  8: 'it does not know this kind of address',
};

/** Asks a SOCKS5 proxy (RFC 1928, RFC 1929) to connect us to the target; it looks the name up, not we. */
export async function openSocksTunnel(socket: Socket, proxy: Proxy, { host, port }: Target): Promise<void> {
  const refused: Refused = (answer) => errors.NET_PROXY_REFUSED({ proxy: proxy.place, host, answer });
  const malformed = () => errors.NET_PROXY_MALFORMED({ proxy: proxy.place, protocol: 'SOCKS5' });
  if (Buffer.byteLength(host) > COUNTED_BYTES_MAX) throw refused('the name is too long');

  if (!(await introduced(socket, proxy, refused))) throw malformed();
  socket.write(Buffer.concat([Buffer.from([VERSION, CONNECT, 0]), addressed(host), portBytes(port)]));
  const [version, reply = 0, , addressType] = await read(socket, 4);
  if (version !== VERSION) throw malformed();
  if (reply !== 0) throw refused(`it says that ${REFUSALS[reply] ?? 'it could not connect'}`);
  // The address it connects from, which nobody needs, stands before what the target says.
  const length = await addressLength(socket, addressType);
  if (length === undefined) throw malformed();
  await read(socket, length + 2);
}

type Refused = (answer: string) => Error;

/** False when it does not speak this protocol. */
async function introduced(socket: Socket, { credentials }: Proxy, refused: Refused): Promise<boolean> {
  const methods = credentials === undefined ? [NO_CREDENTIALS] : [NO_CREDENTIALS, USER_AND_PASSWORD];
  socket.write(Buffer.from([VERSION, methods.length, ...methods]));
  const [version, method] = await read(socket, 2);
  if (version !== VERSION) return false;
  if (method === NO_CREDENTIALS) return true;
  if (method !== USER_AND_PASSWORD || credentials === undefined) throw refused('it wants other credentials');
  socket.write(Buffer.concat([Buffer.from([1]), counted(credentials.user), counted(credentials.password)]));
  const [, status] = await read(socket, 2);
  if (status !== 0) throw refused('it does not accept our credentials');
  return true;
}

function addressed(host: string): Buffer {
  const version = isIP(host);
  if (version === 0) return Buffer.concat([Buffer.from([ADDRESS_TYPE.name]), counted(host)]);
  return Buffer.from([version === 4 ? ADDRESS_TYPE.ipv4 : ADDRESS_TYPE.ipv6, ...bytesOf(host)]);
}

/** A byte that says how long it is, then the text. */
function counted(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

function portBytes(port: number): Buffer {
  return Buffer.from([port >> 8, port & 0xff]);
}

async function addressLength(socket: Socket, type: number | undefined): Promise<number | undefined> {
  if (type === ADDRESS_TYPE.ipv4) return 4;
  if (type === ADDRESS_TYPE.ipv6) return 16;
  return type === ADDRESS_TYPE.name ? (await read(socket, 1))[0] : undefined;
}

/** Exactly so many bytes; what comes behind them stays in the socket. */
function read(socket: Socket, length: number): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const take = () => {
    const chunk: unknown = socket.read(length);
    if (Buffer.isBuffer(chunk) && chunk.length === length) resolve(chunk);
    else if (chunk !== null || socket.readableEnded) reset();
  };
  const reset = () => reject(Object.assign(new Error('The connection was closed.'), { code: 'ECONNRESET' }));
  socket.on('readable', take).once('error', reject).once('end', reset).once('close', reset);
  take();
  return promise.finally(() => {
    socket.off('readable', take).off('error', reject).off('end', reset).off('close', reset);
  });
}
