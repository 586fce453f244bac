import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { accepts } from './accepts.ts';
import { requireProgram } from './install.ts';
import { type Ending, onFreePort, type ServerProcess, serverFolder, startServer } from './server.ts';

export interface NatsServer extends ServerProcess {
  readonly port: number;
}

/** A real server of its own; `configuration` are further lines of its file. */
export async function startNats(ending: Ending, configuration: readonly string[] = []): Promise<NatsServer> {
  const program = requireProgram({ name: 'nats-server', packages: ['nats-server'] });
  const server = await onFreePort(async (port) => {
    const folder = serverFolder('nats');
    const file = path.join(folder, 'nats.conf');
    writeFileSync(file, [`listen: "127.0.0.1:${port}"`, ...configuration, ''].join('\n'), { mode: 0o644 });
    const started = await startServer({
      folder,
      program,
      argv: ['-c', file],
      signal: 'SIGKILL',
      isReady: () => accepts(port),
    });
    return { ...started, port };
  });
  ending.after(() => server.stop());
  return server;
}
