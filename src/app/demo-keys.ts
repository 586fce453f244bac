import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { OfflineKeys } from '../faces/cli/offline-keys.ts';
import { EvenkeelError } from '../kernel/errors.ts';
import type { Variables } from './config.ts';

const MARK = `These keys were made by \`evenkeel demo\` for the backups of its example shop.

Both of those that open backups lie in this one folder, so they protect nothing. Never use them for anything else:
\`evenkeel key create\` makes yours.
`;

/**
 * The demonstration's own keys, made when there are none yet. As variables: where the private halves are, and the
 * public ones for the manifest of the shop.
 */
export async function demoKeys(
  { createKeys, showKeys }: Pick<OfflineKeys, 'createKeys' | 'showKeys'>,
  dataDir: string,
): Promise<Variables> {
  const folder = path.join(dataDir, 'keys');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(path.join(folder, 'README.txt'), MARK);
  const { keys } = await showKeys({ folder }).catch((error: unknown) => {
    if (error instanceof EvenkeelError && error.kind === 'not_found') return createKeys({ folder, isDryRun: false });
    throw error;
  });
  const publicKeyOf = (file: string) => keys.find((key) => key.file === file)?.publicKey ?? undefined;
  return {
    EVENKEEL_AGE_IDENTITY_FILE: path.join(folder, 'platform.agekey'),
    EVENKEEL_SIGNING_KEY_FILE: path.join(folder, 'signing.pem'),
    SHOP_PLATFORM_RECIPIENT: publicKeyOf('platform.agekey'),
    SHOP_OFFLINE_RECIPIENT: publicKeyOf('offline.agekey'),
  };
}
