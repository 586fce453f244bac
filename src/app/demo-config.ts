import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { DemoOptions } from '../faces/cli/context.ts';
import type { OfflineKeys } from '../faces/cli/offline-keys.ts';
import { withChosenPort } from './address.ts';
import { type Config, readConfig, type Variables } from './config.ts';
import { demoKeys } from './demo-keys.ts';
import { SHOP } from './demo-shop.ts';
import { type ServeDeps, typed } from './serve.ts';

export interface DemoConfig {
  readonly config: Config;
  /** Of the keys: where the private halves are, and the public ones. */
  readonly keys: Variables;
}

/** The worker has to be told where to ping before anything listens, so a free port is chosen here. */
export async function demoConfig(
  options: DemoOptions,
  { folder, variables }: ServeDeps,
  offlineKeys: Pick<OfflineKeys, 'createKeys' | 'showKeys'>,
): Promise<DemoConfig> {
  const wanted = { EVENKEEL_DATA_DIR: '.evenkeel/demo', ...variables, ...typed({ ...options, manifest: undefined }) };
  const { dataDir } = readConfig(wanted, folder);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const keys = await demoKeys(offlineKeys, dataDir);
  const manifest = path.join(SHOP, 'evenkeel.yaml');
  const config = readConfig({ ...wanted, ...keys, EVENKEEL_MANIFEST: manifest }, folder);
  return { config: await withChosenPort(config), keys };
}
