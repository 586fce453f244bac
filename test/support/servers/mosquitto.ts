import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { accepts } from './accepts.ts';
import { requireProgram } from './install.ts';
import { type Ending, onFreePort, type ServerProcess, serverFolder, startServer, unprivileged } from './server.ts';

export interface Mosquitto extends ServerProcess {
  readonly port: number;
}

export interface MosquittoOptions {
  /** Passwords of users; nobody else may come in. */
  readonly users?: Readonly<Record<string, string>>;
  /** Lines of its access list, e.g. `user app`, `topic read open/#`. */
  readonly access?: readonly string[];
  readonly tls?: { readonly certificate: string; readonly key: string };
}

/** A real broker of its own. */
export async function startMosquitto(ending: Ending, options: MosquittoOptions = {}): Promise<Mosquitto> {
  const program = requireProgram({ name: 'mosquitto', packages: ['mosquitto'], folders: ['/usr/sbin'] });
  const server = await onFreePort(async (port) => {
    const folder = serverFolder('mosquitto');
    const configuration = path.join(folder, 'mosquitto.conf');
    writeFileSync(configuration, configurationOf(folder, port, options).join('\n'), { mode: 0o644 });
    const isReady = () => accepts(port);
    return {
      ...(await startServer({ folder, program, argv: ['-c', configuration], signal: 'SIGKILL', isReady })),
      port,
    };
  });
  ending.after(() => server.stop());
  return server;
}

function configurationOf(folder: string, port: number, { users, access, tls }: MosquittoOptions): readonly string[] {
  const lines = [`listener ${port} 127.0.0.1`, 'persistence false'];
  if (users === undefined) lines.push('allow_anonymous true');
  else lines.push('allow_anonymous false', `password_file ${passwordFile(folder, users)}`);
  if (access !== undefined) lines.push(`acl_file ${ownFile(folder, 'access', [...access, ''].join('\n'))}`);
  if (tls !== undefined) lines.push(`certfile ${tls.certificate}`, `keyfile ${tls.key}`);
  return [...lines, ''];
}

function passwordFile(folder: string, users: Readonly<Record<string, string>>): string {
  const lines = Object.entries(users).map(([user, password]) => `${user}:${password}\n`);
  const file = ownFile(folder, 'passwords', lines.join(''));
  execFileSync(requireProgram({ name: 'mosquitto_passwd', packages: ['mosquitto'] }), ['-U', file], { stdio: 'pipe' });
  return ownFile(folder, 'passwords');
}

/** Mosquitto warns of files that are not its own. */
function ownFile(folder: string, name: string, text?: string): string {
  const file = path.join(folder, name);
  if (text !== undefined) writeFileSync(file, text);
  chmodSync(file, 0o600);
  const { uid, gid } = unprivileged();
  if (uid !== undefined && gid !== undefined) chownSync(file, uid, gid);
  return file;
}
