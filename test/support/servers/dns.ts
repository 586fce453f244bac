import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { requireProgram } from './install.ts';
import { type Ending, onFreePort, type ServerProcess, serverFolder, startServer } from './server.ts';

export interface DnsServer extends ServerProcess {
  readonly port: number;
}

/** A real name server (dnsmasq) that knows what its options say, and refuses everything else. */
export async function startDns(ending: Ending, options: readonly string[]): Promise<DnsServer> {
  const program = requireProgram({ name: 'dnsmasq', packages: ['dnsmasq-base'], folders: ['/usr/sbin'] });
  const server = await onFreePort(async (port) => {
    const local = ['--conf-file=/dev/null', '--pid-file', '--no-resolv', '--no-hosts', '--user='];
    const listening = ['--keep-in-foreground', '--bind-interfaces', '--listen-address=127.0.0.1', `--port=${port}`];
    const argv = [...local, ...listening, '--host-record=ready.test,127.0.0.1', ...options];
    const folder = serverFolder('dns');
    const started = await startServer({ folder, program, argv, signal: 'SIGKILL', isReady: () => answers(port) });
    return { ...started, port };
  });
  ending.after(() => server.stop());
  return server;
}

/** A UDP server, on a free port unless told which, that answers as told, however wrong that is. */
export async function serveUdp(
  ending: Ending,
  answer: (message: Buffer, reply: (datagram: Buffer) => void) => void,
  onPort = 0,
): Promise<number> {
  const socket: Socket = createSocket('udp4');
  socket.on('message', (message, { port, address }: RemoteInfo) =>
    answer(message, (datagram) => socket.send(datagram, port, address)),
  );
  await new Promise<void>((resolve) => socket.bind(onPort, '127.0.0.1', resolve));
  ending.after(() => new Promise<void>((resolve) => socket.close(() => resolve())));
  return socket.address().port;
}

async function answers(port: number): Promise<boolean> {
  const resolver = new Resolver({ timeout: 200, tries: 1 });
  resolver.setServers([`127.0.0.1:${port}`]);
  return resolver.resolve4('ready.test').then(
    () => true,
    () => false,
  );
}
