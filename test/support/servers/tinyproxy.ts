import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { accepts } from './accepts.ts';
import { requireProgram } from './install.ts';
import { type Ending, onFreePort, type ServerProcess, serverFolder, startServer } from './server.ts';

export interface ProxyServer extends ServerProcess {
  readonly port: number;
}

export interface ProxyOptions {
  /** Demanded of whoever uses it; without them everybody may. */
  readonly credentials?: { readonly user: string; readonly password: string };
}

/** A real HTTP proxy, which opens tunnels to every port. */
export async function startTinyproxy(ending: Ending, options: ProxyOptions = {}): Promise<ProxyServer> {
  const program = requireProgram({ name: 'tinyproxy', packages: ['tinyproxy-bin'] });
  const server = await onFreePort((port) => launch(program, port, options));
  ending.after(() => server.stop());
  return server;
}

async function launch(program: string, port: number, { credentials }: ProxyOptions): Promise<ProxyServer> {
  const folder = serverFolder('tinyproxy');
  const file = path.join(folder, 'tinyproxy.conf');
  const lines = [`Port ${port}`, 'Listen 127.0.0.1', 'Timeout 30', 'MaxClients 20'];
  if (credentials !== undefined) lines.push(`BasicAuth ${credentials.user} ${credentials.password}`);
  writeFileSync(file, [...lines, ''].join('\n'), { mode: 0o644 });
  const server = await startServer({
    folder,
    program,
    argv: ['-d', '-c', file],
    signal: 'SIGKILL',
    isReady: () => accepts(port),
  });
  return { ...server, port };
}
