import { once } from 'node:events';
import { createServer } from 'node:net';
import { codeOf } from '../kernel/errors.ts';
import type { Config } from './config.ts';

const EVERYWHERE = new Set(['0.0.0.0', '::', '']);

/** How this machine reaches what listens there. */
export function localAddress({ host, port }: Pick<Config, 'host' | 'port'>): string {
  const name = EVERYWHERE.has(host) ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/** Port 0 asks for any free one. It is chosen before anything listens, because others have to be told. */
export async function withChosenPort(config: Config): Promise<Config> {
  return config.port === 0 ? { ...config, port: (await freePort(0)) ?? 0 } : config;
}

/** The wanted port on the loopback address, or undefined when somebody has it; 0 takes any. */
export async function freePort(wanted: number): Promise<number | undefined> {
  const probe = createServer();
  try {
    probe.listen(wanted, '127.0.0.1');
    await once(probe, 'listening');
    const address = probe.address();
    return typeof address === 'object' && address !== null ? address.port : undefined;
  } catch (error) {
    if (codeOf(error) === 'EADDRINUSE') return undefined;
    throw error;
  } finally {
    probe.close();
  }
}
