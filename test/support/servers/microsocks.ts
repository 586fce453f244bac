import { accepts } from './accepts.ts';
import { requireProgram } from './install.ts';
import { type Ending, onFreePort, serverFolder, startServer } from './server.ts';
import type { ProxyOptions, ProxyServer } from './tinyproxy.ts';

/** A real SOCKS5 proxy. */
export async function startMicrosocks(ending: Ending, options: ProxyOptions = {}): Promise<ProxyServer> {
  const program = requireProgram({ name: 'microsocks', packages: ['microsocks'] });
  const server = await onFreePort((port) => launch(program, port, options));
  ending.after(() => server.stop());
  return server;
}

async function launch(program: string, port: number, { credentials }: ProxyOptions): Promise<ProxyServer> {
  const demanded = credentials === undefined ? [] : ['-u', credentials.user, '-P', credentials.password];
  const server = await startServer({
    folder: serverFolder('microsocks'),
    program,
    argv: ['-i', '127.0.0.1', '-p', String(port), ...demanded],
    signal: 'SIGKILL',
    isReady: () => accepts(port),
  });
  return { ...server, port };
}
