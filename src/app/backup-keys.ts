import { readFile, stat } from 'node:fs/promises';
import { type BackupKeys, readIdentities, readSigningKey } from '../backups/index.ts';
import { codeOf } from '../kernel/errors.ts';
import { Secret } from '../kernel/secret.ts';
import type { Config } from './config.ts';
import { errors } from './errors.ts';

/** The largest file that may hold keys; a wrong path should not read a database into memory. */
const BYTES_MAX = 64 * 1024;

/** The private keys that the environment names, read anew each time. */
export function backupKeys({
  identityFile,
  signingKeyFile,
}: Pick<Config, 'identityFile' | 'signingKeyFile'>): BackupKeys {
  return {
    async identities() {
      if (identityFile === null) return [];
      const text = await readKey(identityFile, 'EVENKEEL_AGE_IDENTITY_FILE');
      return (await readIdentities(text)).map(({ identity }) => identity);
    },
    async signingKey() {
      if (signingKeyFile === null) return null;
      return readSigningKey(await readKey(signingKeyFile, 'EVENKEEL_SIGNING_KEY_FILE'));
    },
  };
}

/** `variable` says where the path came from, for whoever has to put it right. */
export async function readKey(file: string, variable: string): Promise<Secret> {
  try {
    const { size } = await stat(file);
    if (size > BYTES_MAX) throw errors.CONFIG_FILE_TOO_LONG({ variable, path: file, bytes: size, bytesMax: BYTES_MAX });
    return new Secret(await readFile(file, 'utf8'), file);
  } catch (cause) {
    if (codeOf(cause) === 'CONFIG_FILE_TOO_LONG') throw cause;
    throw errors.CONFIG_FILE_UNREADABLE({ variable, path: file, cause: codeOf(cause) }, { cause });
  }
}
