import type { ProgramUser } from '../../kernel/exec.ts';
import type { EngineIo } from '../engine.ts';
import type { PostgresAddress } from './address.ts';
import { handFile } from './handed-file.ts';

/** What a program of PostgreSQL needs in its environment to get in; the password is in a file that only it can read. */
export interface Credentials extends AsyncDisposable {
  readonly env: Readonly<Record<string, string>>;
  /** Where it may have further files of its own. */
  readonly folder: string;
}

const CONNECT_TIMEOUT_S = '10';

export async function credentialsFor(address: PostgresAddress, user: ProgramUser, io: EngineIo): Promise<Credentials> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await io.exec.folder(user)).path;
  // libpq ignores a file that others than its user can read.
  const passFile = await handFile(folder, 'passfile', passLine(address.password.reveal()));
  const held = stack.move();
  return { env: environmentOf(address, passFile), folder, [Symbol.asyncDispose]: () => held.disposeAsync() };
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
