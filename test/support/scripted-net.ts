import { Duplex } from 'node:stream';
import type { Net } from '../../src/kernel/net.ts';

export interface ScriptedNet extends Net {
  fail(host: string): void;
  heal(host: string): void;
  /** The host takes its time, until what is returned is called. */
  hold(host: string): () => void;
}

/** A network in which every host answers, until a test says otherwise. Only TCP connections are offered. */
export function scriptedNet(): ScriptedNet {
  const failing = new Set<string>();
  const held = new Map<string, Promise<void>>();
  const refused = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const silent = () => new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  return {
    fail: (host) => void failing.add(host),
    heal: (host) => void failing.delete(host),
    hold(host) {
      const { promise, resolve } = Promise.withResolvers<void>();
      held.set(host, promise);
      return resolve;
    },
    resolve: async () => ['127.0.0.1'],
    nameServers: () => [],
    udp: { exchange: () => Promise.reject(new Error('This network offers no UDP.')) },
    tls: { inspect: () => Promise.reject(new Error('This network offers no TLS.')) },
    ping: { send: () => Promise.reject(new Error('This network offers no ping.')) },
    http: { send: () => Promise.reject(new Error('This network offers no HTTP.')) },
    tcp: {
      async connect({ host }) {
        await held.get(host);
        if (failing.has(host)) throw refused();
        return silent();
      },
    },
  };
}
