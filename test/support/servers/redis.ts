import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { requireProgram } from './install.ts';
import { type Ending, onFreePort, type ServerProcess, serverFolder, startServer } from './server.ts';

export interface RedisServer extends ServerProcess {
  readonly url: string;
  readonly port: number;
}

export interface RedisOptions {
  /** Demanded of the user `default`; without one everybody may come in. */
  readonly password?: string;
  /** Speaks TLS only, with this certificate and key (files that anybody may read). */
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** Further lines of redis.conf, e.g. `user app on >secret ~* +@all`. */
  readonly configuration?: readonly string[];
}

/** A real server of its own, which ends with the test or, given `node:test`'s `{ after }` at the top of a file, with the file. */
export async function startRedis(ending: Ending, options: RedisOptions = {}): Promise<RedisServer> {
  const program = requireProgram({ name: 'redis-server', packages: ['redis-server'] });
  const server = await onFreePort((port) => launch(program, port, options));
  ending.after(() => server.stop());
  return server;
}

async function launch(program: string, port: number, options: RedisOptions): Promise<RedisServer> {
  const folder = serverFolder('redis');
  const file = path.join(folder, 'redis.conf');
  writeFileSync(file, configurationOf(port, folder, options), { mode: 0o644 });
  const server = await startServer({
    folder,
    program,
    argv: [file],
    signal: 'SIGKILL',
    isReady: () => accepts(port),
  });
  const secret = options.password === undefined ? '' : `:${encodeURIComponent(options.password)}@`;
  const scheme = options.tls === undefined ? 'redis' : 'rediss';
  return { ...server, port, url: `${scheme}://${secret}127.0.0.1:${port}/0` };
}

function configurationOf(port: number, folder: string, { password, tls, configuration = [] }: RedisOptions): string {
  const listening =
    tls === undefined
      ? [`port ${port}`]
      : [
          'port 0',
          `tls-port ${port}`,
          `tls-cert-file ${tls.certificate}`,
          `tls-key-file ${tls.key}`,
          'tls-auth-clients no',
        ];
  const lines = ['bind 127.0.0.1', ...listening, `dir ${folder}`, 'save ""', 'appendonly no', ...configuration];
  return [...lines, ...(password === undefined ? [] : [`requirepass "${password}"`]), ''].join('\n');
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
