import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { accepts } from './accepts.ts';
import { requireProgram } from './install.ts';
import { type Ending, onFreePort, type ServerProcess, serverFolder, startServer, unprivileged } from './server.ts';

export type KeyKind = 'ed25519' | 'ecdsa' | 'rsa';

export interface SshdServer extends ServerProcess {
  readonly port: number;
  /** Of each of its host keys, as `ssh-keygen -l` prints it. */
  readonly fingerprints: Readonly<Record<string, string>>;
}

export interface SshdOptions {
  /** One host key of each; default ed25519. */
  readonly keys?: readonly KeyKind[];
  /** Further lines of sshd_config, e.g. `KexAlgorithms …`. */
  readonly configuration?: readonly string[];
}

/** A real OpenSSH server that nobody can log in to. */
export async function startSshd(ending: Ending, options: SshdOptions = {}): Promise<SshdServer> {
  const program = requireProgram({ name: 'sshd', packages: ['openssh-server'], folders: ['/usr/sbin'] });
  const server = await onFreePort((port) => launch(program, port, options));
  ending.after(() => server.stop());
  return server;
}

async function launch(program: string, port: number, options: SshdOptions): Promise<SshdServer> {
  const { keys = ['ed25519'], configuration = [] } = options;
  const folder = serverFolder('sshd');
  const files = keys.map((kind) => ({ kind, file: path.join(folder, kind) }));
  for (const { kind, file } of files)
    keygen(['-q', '-t', kind, ...(kind === 'rsa' ? ['-b', '2048'] : []), '-N', '', '-f', file]);
  const fingerprints = files.map(({ kind, file }) => [kind, keygen(['-l', '-f', file]).split(' ')[1] ?? ''] as const);
  const lines = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    'PidFile none',
    'UsePAM no',
    'StrictModes no',
    'AuthenticationMethods publickey',
    ...files.map(({ file }) => `HostKey ${file}`),
    ...configuration,
    '',
  ];
  writeFileSync(path.join(folder, 'sshd_config'), lines.join('\n'), { mode: 0o644 });
  const log = path.join(folder, 'server.log');
  const server = await startServer({
    folder,
    program,
    argv: ['-D', '-e', '-f', path.join(folder, 'sshd_config')],
    signal: 'SIGKILL',
    // Without connecting: it would write down a client that said nothing.
    isReady: async () => readFileSync(log, 'utf8').includes('Server listening') || accepts(port),
  });
  return { ...server, port, fingerprints: Object.fromEntries(fingerprints) };
}

function keygen(argv: readonly string[]): string {
  const program = requireProgram({ name: 'ssh-keygen', packages: ['openssh-client'] });
  return execFileSync(program, argv, { encoding: 'utf8', ...unprivileged() });
}
