import {
  type BackupPlan,
  type PlannedSource,
  programsOf,
  readIdentities,
  readSigningKey,
  vaultTypes,
} from '../backups/index.ts';
import type { BackupNeeds, HostNeeds, KeyNeed, VaultNeed } from '../faces/cli/context.ts';
import { EvenkeelError } from '../kernel/errors.ts';
import type { Secret } from '../kernel/secret.ts';
import { loadManifest } from '../manifest/index.ts';
import { createExec } from '../platform/exec/exec.ts';
import { diskFiles } from '../platform/files.ts';
import { systemClock } from '../platform/system-clock.ts';
import { createSystemIds } from '../platform/system-ids.ts';
import { readKey } from './backup-keys.ts';
import type { Config, Variables } from './config.ts';
import { describedBy } from './described.ts';
import { lookAtFolder } from './folder-facts.ts';
import { mailUsersOf } from './mail-users.ts';

/** What alerts and backups take, beside what the manifest says. Of one that cannot be applied nothing is asked. */
export async function hostNeeds(config: Config, variables: Variables): Promise<HostNeeds> {
  const loaded = await loadManifest({
    path: config.manifest,
    files: diskFiles,
    environmentVariable: (name) => variables[name],
    environment: config.environment ?? undefined,
  });
  if (loaded.outcome !== 'loaded') return { mail: null, backups: null };
  const usedBy = mailUsersOf(loaded.manifest).map(({ who }) => who);
  const { backups: plan } = describedBy(loaded, config);
  return {
    mail: usedBy.length === 0 ? null : { usedBy, isSet: config.mail !== null },
    backups: plan.sources.length === 0 ? null : await backupNeeds(plan, config),
  };
}

async function backupNeeds(plan: BackupPlan, config: Config): Promise<BackupNeeds> {
  const { recipients, signers, sources } = plan;
  const io = { exec: createExec(), signal: new AbortController().signal };
  return {
    signingKey: await keyNeed(config.signingKeyFile, 'EVENKEEL_SIGNING_KEY_FILE', {
      publicKeysOf: async (text) => [readSigningKey(text).signer],
      isKnown: (key) => signers.length === 0 || signers.includes(key),
    }),
    identity: await keyNeed(config.identityFile, 'EVENKEEL_AGE_IDENTITY_FILE', {
      publicKeysOf: async (text) => (await readIdentities(text)).map(({ recipient }) => recipient),
      isKnown: (key) => recipients.includes(key),
    }),
    vaults: await Promise.all(vaultsOf(plan, sources)),
    programs: await programsOf(
      sources.map(({ engine }) => engine),
      io,
    ),
  };
}

interface KeyRules {
  readonly publicKeysOf: (text: Secret) => Promise<readonly string[]>;
  readonly isKnown: (publicKey: string) => boolean;
}

async function keyNeed(file: string | null, variable: string, { publicKeysOf, isKnown }: KeyRules): Promise<KeyNeed> {
  if (file === null) return { state: 'unset' };
  try {
    const publicKeys = await publicKeysOf(await readKey(file, variable));
    const known = publicKeys.find(isKnown);
    if (known !== undefined) return { state: 'known', file, publicKey: known };
    return { state: 'unknown', file, publicKey: publicKeys.join(', ') };
  } catch (error) {
    if (!(error instanceof EvenkeelError)) throw error;
    return { state: 'unusable', says: error.message, fix: error.hint };
  }
}

function vaultsOf({ vaults }: BackupPlan, sources: readonly PlannedSource[]): readonly Promise<VaultNeed>[] {
  const used = new Set(sources.flatMap((source) => source.vaults));
  const ids = createSystemIds(systemClock);
  return vaults
    .filter(({ name }) => used.has(name))
    .map(async ({ name, type, settings }) => {
      const { where } = vaultTypes.get(type).open(name, settings, { ids });
      return { name, where, cause: (await lookAtFolder(where)).cause };
    });
}
