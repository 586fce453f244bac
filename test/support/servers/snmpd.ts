import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { requireProgram } from './install.ts';
import { type Ending, freePort, type ServerProcess, serverFolder, startServer } from './server.ts';

export interface SnmpdServer extends ServerProcess {
  readonly port: number;
}

/** A real agent (Net-SNMP); `lines` of snmpd.conf, e.g. `rocommunity open` or `createUser ada SHA password`. */
export async function startSnmpd(ending: Ending, lines: readonly string[]): Promise<SnmpdServer> {
  const program = requireProgram({ name: 'snmpd', packages: ['snmpd'], folders: ['/usr/sbin'] });
  const port = await freePort();
  const folder = serverFolder('snmpd');
  const file = path.join(folder, 'snmpd.conf');
  const log = path.join(folder, 'server.log');
  const own = [`agentaddress udp:127.0.0.1:${port}`, `[snmp] persistentDir ${folder}`];
  writeFileSync(file, [...own, ...lines, ''].join('\n'), { mode: 0o644 });
  const server = await startServer({
    folder,
    program,
    argv: ['-f', '-Lo', '-C', '-c', file, '-I', '-smux'],
    signal: 'SIGKILL',
    // What it says once it listens.
    isReady: async () => readFileSync(log, 'utf8').includes('NET-SNMP version'),
  });
  ending.after(() => server.stop());
  return { ...server, port };
}
