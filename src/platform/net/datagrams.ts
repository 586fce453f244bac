import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { type Clock, SECOND_MS } from '../../kernel/clock.ts';
import type { DatagramExchange } from '../../kernel/net.ts';
import { errors } from './errors.ts';
import type { Rules } from './policy.ts';
import type { Resolver } from './resolver.ts';

export interface DatagramDeps {
  readonly resolver: Resolver;
  readonly rules: Rules;
  readonly clock: Clock;
}

const AGAIN_MS = SECOND_MS;

export function createDatagramExchange({ resolver, rules, clock }: DatagramDeps): DatagramExchange {
  return {
    async exchange({ host, port }, datagram, isAnswer, signal) {
      if (!rules.schemes.includes('udp')) {
        throw errors.NET_SCHEME_FORBIDDEN({ host, scheme: 'udp', allowed: rules.schemes.join(' or ') });
      }
      const addresses = await resolver.resolve(host, rules, signal);
      for (const address of addresses.slice(0, -1)) {
        try {
          return await exchangeWith({ address, port }, datagram, isAnswer, signal);
        } catch (error) {
          // Nobody listens there, or no way leads to it; that nobody answers is not known before the deadline.
          if (signal.aborted || !isSystemError(error)) throw error;
        }
      }
      return exchangeWith({ address: addresses.at(-1) ?? host, port }, datagram, isAnswer, signal);
    },
  };

  async function exchangeWith(
    { address, port }: { readonly address: string; readonly port: number },
    datagram: Uint8Array,
    isAnswer: IsAnswer,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    const ended = new AbortController();
    try {
      // A connected socket takes datagrams of nobody else, and hears when the port is closed. A callback would hear
      // of the failure to connect instead of `error`.
      socket.connect(port, address);
      const sending = { socket, datagram };
      socket.once('connect', () => void sendAgainAndAgain(sending, ended.signal));
      return await answerTo(sending, isAnswer, signal);
    } finally {
      ended.abort();
      socket.close();
    }
  }

  async function sendAgainAndAgain(sending: Sending, until: AbortSignal): Promise<void> {
    while (!until.aborted) {
      sending.socket.send(sending.datagram);
      await clock.sleep(AGAIN_MS, until).catch(() => undefined);
    }
  }
}

type IsAnswer = Parameters<DatagramExchange['exchange']>[2];

interface Sending {
  readonly socket: Socket;
  datagram: Uint8Array;
}

function answerTo(sending: Sending, isAnswer: IsAnswer, signal: AbortSignal): Promise<Uint8Array> {
  const { socket } = sending;
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  socket.on('message', (message) => {
    try {
      const verdict = isAnswer(message);
      if (verdict === true) resolve(message);
      if (typeof verdict === 'boolean') return;
      sending.datagram = verdict;
      socket.send(verdict);
    } catch (error) {
      // Thrown out of here it would end the process.
      reject(error);
    }
  });
  // Until it is closed: an error that nobody hears of is fatal.
  socket.on('error', reject);
  return promise.finally(() => signal.removeEventListener('abort', abort));
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
