import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { requireProgram } from './install.ts';
import { type Ending, freePort, type ServerProcess, serverFolder, startServer } from './server.ts';

export interface ChronyServer extends ServerProcess {
  readonly port: number;
}

/** A real time server that trusts the clock of this machine and leaves it alone; `lines` of chrony.conf. */
export async function startChrony(
  ending: Ending,
  lines: readonly string[] = ['local stratum 3'],
): Promise<ChronyServer> {
  const program = requireProgram({ name: 'chronyd', packages: ['chrony'], folders: ['/usr/sbin'] });
  const port = await freePort();
  const folder = serverFolder('chrony');
  const file = path.join(folder, 'chrony.conf');
  const own = [`port ${port}`, 'cmdport 0', 'bindaddress 127.0.0.1', 'allow 127.0.0.1', `pidfile ${folder}/pid`];
  writeFileSync(file, [...own, 'bindcmdaddress /', ...lines, ''].join('\n'), { mode: 0o644 });
  const log = path.join(folder, 'server.log');
  const server = await startServer({
    folder,
    program,
    argv: ['-d', '-x', '-U', '-f', file],
    signal: 'SIGKILL',
    isReady: async () => readFileSync(log, 'utf8').includes('starting'),
  });
  ending.after(() => server.stop());
  return { ...server, port };
}
