import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { accepts } from './accepts.ts';
import { requireProgram } from './install.ts';
import { type Ending, freePort, type ServerProcess, serverFolder, startServer } from './server.ts';

export interface RabbitMqServer extends ServerProcess {
  readonly port: number;
  readonly tlsPort: number;
  /** What an operator would type, e.g. `rabbit_alarm set_alarm [...]`: module, function, arguments in Erlang. */
  run(call: string): void;
}

export interface RabbitMqOptions {
  /** Passwords of users, who may do everything on `/` and on each of `vhosts`. */
  readonly users: Readonly<Record<string, string>>;
  readonly vhosts: readonly string[];
  /** Queues of `/`. */
  readonly queues: readonly string[];
  readonly tls: { readonly certificate: string; readonly key: string };
}

const COOKIE = 'evenkeel';
const NODE = 'evenkeel@localhost';

/** A real broker of its own, with an Erlang name server of its own; it takes some seconds to start. */
export async function startRabbitMq(ending: Ending, options: RabbitMqOptions): Promise<RabbitMqServer> {
  const packages = ['rabbitmq-server'];
  const program = requireProgram({ name: 'rabbitmq-server', packages, folders: ['/usr/lib/rabbitmq/bin'] });
  const names = await startNameServer(ending);
  const [port, tlsPort, distribution] = [await freePort(), await freePort(), await freePort()];
  const folder = serverFolder('rabbitmq');
  const file = (name: string) => path.join(folder, name);
  writeFileSync(file('definitions.json'), JSON.stringify(definitionsOf(options)), { mode: 0o644 });
  writeFileSync(file('rabbitmq.conf'), configurationOf(folder, { port, tlsPort, ...options.tls }), { mode: 0o644 });
  writeFileSync(file('plugins'), '[].', { mode: 0o644 });
  const environment = {
    ERL_EPMD_PORT: names,
    RABBITMQ_NODENAME: NODE,
    RABBITMQ_DIST_PORT: distribution,
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    RABBITMQ_CONFIG_FILE: file('rabbitmq.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: file('plugins'),
    RABBITMQ_MNESIA_BASE: file('data'),
    RABBITMQ_LOG_BASE: file('log'),
    RABBITMQ_PID_FILE: file('pid'),
    // What the script takes as a reason to become the broker, instead of staying as its parent, which ends alone.
    RABBITMQ_ALLOW_INPUT: 'true',
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: `-noinput -setcookie ${COOKIE} +sbwt none`,
  };
  const settings = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const server = await startServer({
    folder,
    program: '/usr/bin/env',
    argv: [...settings, program],
    signal: 'SIGKILL',
    isReady: () => accepts(port),
  });
  ending.after(() => server.stop());
  const erlang = requireProgram({ name: 'erl_call', packages });
  const run = (call: string) => {
    const argv = ['-n', NODE, '-c', COOKIE, '-a', call];
    execFileSync(erlang, argv, { env: { HOME: folder, ERL_EPMD_PORT: String(names) }, stdio: 'pipe' });
  };
  return { ...server, port, tlsPort, run };
}

/** The broker would start one by itself, which would outlive it. */
async function startNameServer(ending: Ending): Promise<number> {
  const port = await freePort();
  const server = await startServer({
    folder: serverFolder('epmd'),
    program: requireProgram({ name: 'epmd', packages: ['erlang-base'] }),
    argv: ['-port', String(port), '-address', '127.0.0.1'],
    signal: 'SIGKILL',
    isReady: () => accepts(port),
  });
  ending.after(() => server.stop());
  return port;
}

interface Listening {
  readonly port: number;
  readonly tlsPort: number;
  readonly certificate: string;
  readonly key: string;
}

function configurationOf(folder: string, { port, tlsPort, certificate, key }: Listening): string {
  return [
    `listeners.tcp.local = 127.0.0.1:${port}`,
    `listeners.ssl.local = 127.0.0.1:${tlsPort}`,
    `ssl_options.certfile = ${certificate}`,
    `ssl_options.keyfile = ${key}`,
    'ssl_options.verify = verify_none',
    `load_definitions = ${path.join(folder, 'definitions.json')}`,
    'disk_free_limit.absolute = 1MB',
    'vm_memory_high_watermark.relative = 0.9',
    '',
  ].join('\n');
}

function definitionsOf({ users, vhosts, queues }: RabbitMqOptions): object {
  const all = ['/', ...vhosts];
  const permissions = Object.keys(users).flatMap((user) =>
    all.map((vhost) => ({ user, vhost, configure: '.*', write: '.*', read: '.*' })),
  );
  return {
    users: Object.entries(users).map(([name, password]) => ({ name, password_hash: hashOf(password), tags: '' })),
    vhosts: all.map((name) => ({ name })),
    permissions: [...permissions],
    queues: queues.map((name) => ({ name, vhost: '/', durable: true, auto_delete: false, arguments: {} })),
  };
}

/** https://www.rabbitmq.com/docs/passwords: four bytes of salt, and SHA-256 of them and the password. */
function hashOf(password: string): string {
  const salt = Buffer.from('salt');
  const hash = createHash('sha256').update(salt).update(password).digest();
  return Buffer.concat([salt, hash]).toString('base64');
}
