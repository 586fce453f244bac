import { chown, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ProgramUser } from '../../kernel/exec.ts';
import type { EngineIo } from '../engine.ts';
import type { PostgresAddress } from './address.ts';

/** What a program of PostgreSQL needs in its environment to get in; the password is in a file that only it can read. */
export interface Credentials extends AsyncDisposable {
  readonly env: Readonly<Record<string, string>>;
  /** Where it may have further files of its own. */
  readonly folder: string;
}

const CONNECT_TIMEOUT_S = '10';

export async function credentialsFor(address: PostgresAddress, user: ProgramUser, io: EngineIo): Promise<Credentials> {
  const folder = await io.exec.folder(user);
  const passFile = path.join(folder.path, 'passfile');
  await writeFile(passFile, passLine(address.password.reveal()), { mode: 0o600 });
  // libpq ignores a file that others than its user can read.
  const { uid, gid } = await stat(folder.path);
  await chown(passFile, uid, gid);
  return {
    env: environmentOf(address, passFile),
    folder: folder.path,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

/** There is a file even without a password: otherwise libpq would look for one in somebody's home. */
function passLine(password: string): string {
  return password === '' ? '' : `*:*:*:*:${password.replaceAll(/[:\\]/g, String.raw`\$&`)}\n`;
}

/** In the environment rather than among the arguments: there, a name with a `=` in it would be read as settings. */
function environmentOf(address: PostgresAddress, passFile: string): Readonly<Record<string, string>> {
  const { mode, root, certificate, key } = address.tls;
  return {
    PGHOST: address.host,
    PGPORT: String(address.port),
    PGUSER: address.user,
    PGDATABASE: address.database,
    PGPASSFILE: passFile,
    PGSSLMODE: mode,
    ...(root !== undefined && { PGSSLROOTCERT: root }),
    ...(certificate !== undefined && { PGSSLCERT: certificate }),
    ...(key !== undefined && { PGSSLKEY: key }),
    PGCONNECT_TIMEOUT: CONNECT_TIMEOUT_S,
    PGAPPNAME: 'evenkeel',
  };
}
