import { chmod, mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { codeOf } from '../kernel/errors.ts';
import { errors } from './errors.ts';

const OWNER_ONLY = 0o700;

/** Where the owner talks to the server; only this user can open it. */
export function socketPath(dataDir: string): string {
  return path.join(dataDir, 'admin.sock');
}

/** Makes the folder for this user only, and refuses one that another Evenkeel works on. */
export async function claimDataFolder(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: OWNER_ONLY });
    // It may have been there before, made with an open mode by somebody who did not know what will be in it.
    await chmod(dataDir, OWNER_ONLY);
  } catch (cause) {
    throw errors.DATA_FOLDER_UNUSABLE({ folder: dataDir, cause: codeOf(cause) }, { cause });
  }
  if (await isAnswered(socketPath(dataDir))) throw errors.SERVE_ALREADY_RUNNING({ folder: dataDir });
}

/** A socket file stays behind after a crash; only one that somebody answers means a running server. */
export function isAnswered(socket: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const connection = connect(socket);
  connection.once('connect', () => resolve(true));
  connection.once('error', () => resolve(false));
  return promise.finally(() => connection.destroy());
}
