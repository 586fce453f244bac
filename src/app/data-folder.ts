import { mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { codeOf } from '../kernel/errors.ts';
import { errors } from './errors.ts';

/** Where the owner talks to the server; only this user can open it. */
export function socketPath(dataDir: string): string {
  return path.join(dataDir, 'admin.sock');
}

/**
 * Makes the folder for this user only, and refuses one that another Evenkeel works on. A folder that is there already
 * keeps its mode, for it may be somebody else's, a volume or even `/tmp`: what is put into it is private by itself.
 */
export async function claimDataFolder(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw errors.DATA_FOLDER_UNUSABLE({ folder: dataDir, cause: codeOf(cause) }, { cause });
  }
  if (await isAnswered(socketPath(dataDir))) throw errors.SERVE_ALREADY_RUNNING({ folder: dataDir });
}

/** What the system says of a socket that nobody listens on. */
const NOBODY = new Set(['ECONNREFUSED', 'ENOENT', 'EINVAL']);

/** A socket file stays behind after a crash: only a refused connection, or no file at all, means that nobody is there. */
export function isAnswered(socket: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const connection = connect(socket);
  connection.once('connect', () => resolve(true));
  connection.once('error', (error) => resolve(!NOBODY.has(codeOf(error))));
  return promise.finally(() => connection.destroy());
}
