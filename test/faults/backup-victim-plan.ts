import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generateIdentity } from '../../src/backups/format/age/keys.ts';
import { generateSigningKey } from '../../src/backups/format/signing.ts';
import type { BackupPlan } from '../../src/backups/index.ts';
import { KEEP_DEFAULTS } from '../../src/backups/plan.ts';
import { DAY_MS } from '../../src/kernel/clock.ts';
import { Secret } from '../../src/kernel/secret.ts';

export interface VictimKeys {
  readonly identity: string;
  readonly pem: string;
  readonly recipients: readonly string[];
  readonly signer: string;
}

/** The same for every life. */
export async function makeVictimKeys(folder: string): Promise<VictimKeys> {
  const [platform, offline] = [await generateIdentity(), await generateIdentity()];
  const { pem, signer } = generateSigningKey();
  const recipients = [platform.recipient, offline.recipient];
  const keys = { identity: platform.identity.reveal(), pem: pem.reveal(), recipients, signer };
  writeFileSync(path.join(folder, 'keys.json'), JSON.stringify(keys));
  return keys;
}

export function readVictimKeys(folder: string): VictimKeys {
  return JSON.parse(readFileSync(path.join(folder, 'keys.json'), 'utf8'));
}

export function victimPlan(
  folder: string,
  { recipients, signer }: Pick<VictimKeys, 'recipients' | 'signer'>,
): BackupPlan {
  const vault = { name: 'local', type: 'directory', settings: { folder: path.join(folder, 'vault') } };
  const source = {
    service: 'db',
    url: new Secret(`sqlite:${path.join(folder, 'shop.db')}`, 'its url'),
    engine: 'sqlite',
    holds: [],
    schedule: { kind: 'interval', everyMs: DAY_MS },
    prove: 'always',
    assertions: [],
    vaults: ['local'],
    keep: KEEP_DEFAULTS,
  } as const;
  return { app: 'shop', sources: [source], vaults: [vault], recipients, signers: [signer] };
}
