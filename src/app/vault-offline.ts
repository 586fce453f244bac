import { opendir } from 'node:fs/promises';
import path from 'node:path';
import {
  createOfflineBackups,
  type OfflineBackups,
  type OfflineOptions,
  openDirectoryVault,
  readIdentities,
} from '../backups/index.ts';
import type { OfflineVault, RestorePlace, VaultSelection } from '../faces/cli/offline-vault.ts';
import { codeOf } from '../kernel/errors.ts';
import { Secret } from '../kernel/secret.ts';
import { writtenSigners } from '../manifest/index.ts';
import { createExec } from '../platform/exec/exec.ts';
import { systemClock } from '../platform/system-clock.ts';
import { createSystemIds } from '../platform/system-ids.ts';
import { readKey } from './backup-keys.ts';
import { readConfig, type Variables } from './config.ts';
import { errors } from './errors.ts';
import type { OfflineDeps } from './offline.ts';
import { postgresPassword } from './postgres-password.ts';
import { INTERRUPTED, stopRequested } from './signals.ts';

/** Backups in a folder, opened with nothing but keys: no server, no database of ours, and perhaps no manifest. */
export function createVaultOffline(deps: OfflineDeps): OfflineVault {
  return {
    async listVault({ vault, service }) {
      return (await open(vault, undefined, deps)).list(service);
    },
    verifyInVault: ({ isProof, isDryRun, ...selection }) =>
      timed(async (signal) => {
        const backups = await open(selection.vault, selection.signers, deps);
        if (isDryRun) return { backup: await backups.find(selection.backup), level: 'none', findings: ONLY_LOOKED_UP };
        return backups.verify(selection.backup, { ...(await optionsOf(selection, signal, deps)), isProof });
      }),
    restoreFromVault: ({ to, isDryRun, ...selection }) =>
      timed(async (signal) => {
        const backups = await open(selection.vault, selection.signers, deps);
        const target = { kind: 'at', url: addressOf(to, deps.variables) } as const;
        const options = await optionsOf(selection, signal, deps);
        return isDryRun
          ? backups.rehearse(selection.backup, target, options)
          : backups.restore(selection.backup, target, options);
      }),
  };
}

const ONLY_LOOKED_UP = ['Its manifest is signed by a key that is believed; nothing else of it was read.'];

async function open(vault: string, signers: readonly string[] | undefined, deps: OfflineDeps): Promise<OfflineBackups> {
  await demandFolder(vault);
  return createOfflineBackups({
    vault: openDirectoryVault(vault, { ids: createSystemIds(systemClock) }),
    signers: signers ?? (await signersOfManifest(deps)),
    exec: createExec(),
    clock: systemClock,
    ids: createSystemIds(systemClock),
  });
}

/** A vault that is not there looks like one without backups: on the worst day that is not the same. */
async function demandFolder(folder: string): Promise<void> {
  try {
    await (await opendir(folder)).close();
  } catch (cause) {
    throw errors.VAULT_FOLDER_MISSING({ folder, cause: codeOf(cause) }, { cause });
  }
}

/** On the machine of the team the manifest is at hand; on a bare one `--signer` says whom to believe. */
async function signersOfManifest({ folder, variables, files }: OfflineDeps): Promise<readonly string[]> {
  return writtenSigners(files, readConfig(variables, folder).manifest);
}

/** Ctrl-C ends it cleanly: nothing half-restored is left behind. */
async function timed<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result & { tookMs: number }> {
  const startedAt = systemClock.ticks();
  const ending = new AbortController();
  void stopRequested().then((name) => ending.abort(new Error(`It was stopped by ${name}.`)));
  try {
    return { ...(await work(ending.signal)), tookMs: Math.round(systemClock.ticks() - startedAt) };
  } catch (error) {
    if (ending.signal.aborted) process.exit(INTERRUPTED);
    throw error;
  }
}

async function optionsOf(
  { identityFile, onProgress }: VaultSelection,
  signal: AbortSignal,
  deps: OfflineDeps,
): Promise<OfflineOptions> {
  return { identities: await identitiesIn(identityFile, deps), signal, onProgress };
}

async function identitiesIn(typed: string | undefined, { folder, variables }: OfflineDeps): Promise<readonly Secret[]> {
  const file = typed ?? readConfig(variables, folder).identityFile;
  if (file === null) return [];
  const text = await readKey(file, typed === undefined ? 'EVENKEEL_AGE_IDENTITY_FILE' : '--identity');
  return (await readIdentities(text)).map(({ identity }) => identity);
}

function addressOf(to: RestorePlace, variables: Variables): Secret {
  if (to.kind === 'file') return new Secret(path.resolve(to.path), to.path);
  const url = new URL(to.url.reveal());
  const password = postgresPassword(
    {
      host: url.hostname,
      port: url.port || '5432',
      database: decodeURIComponent(url.pathname.slice(1)),
      user: decodeURIComponent(url.username),
    },
    variables,
  );
  if (password !== undefined) url.password = encodeURIComponent(password);
  return new Secret(url.href, to.url.name);
}
