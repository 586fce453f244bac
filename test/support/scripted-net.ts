import { Duplex } from 'node:stream';
import type { Net } from '../../src/kernel/net.ts';

/** A network in which every host answers, until a test says otherwise. Only TCP connections are offered. */
export function scriptedNet(): Net & { fail(host: string): void; heal(host: string): void } {
  const failing = new Set<string>();
  const refused = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const silent = () => new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  return {
    fail: (host) => void failing.add(host),
    heal: (host) => void failing.delete(host),
    resolve: async () => ['127.0.0.1'],
    http: { send: () => Promise.reject(new Error('This network offers no HTTP.')) },
    tcp: {
      async connect({ host }) {
        if (failing.has(host)) throw refused();
        return silent();
      },
    },
  };
}
