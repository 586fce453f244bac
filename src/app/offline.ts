import type { Offline } from '../faces/cli/context.ts';
import type { OfflineKeys } from '../faces/cli/offline-keys.ts';
import type { Files } from '../kernel/files.ts';
import { systemClock } from '../platform/system-clock.ts';
import { readConfig, type Variables } from './config.ts';
import { createHostFacts } from './host-facts.ts';

export interface OfflineDeps {
  readonly folder: string;
  readonly variables: Variables;
  readonly files: Files;
}

/**
 * What the command line can do without a running server. Each part is loaded when it is asked for: most commands only
 * talk to a server, and a server that runs for months should not carry what `init` looks through repositories with.
 */
export function createOffline(deps: OfflineDeps): Offline {
  const { folder, variables, files } = deps;
  const config = () => readConfig(variables, folder);
  const vault = async () => (await import('./vault-offline.ts')).createVaultOffline(deps);
  const movingIn = async () => (await import('./moving-in.ts')).createMovingIn(deps);
  return {
    serve: async (options) => (await import('./serve.ts')).serve(options, deps),
    probe: async (options) => (await import('./probe.ts')).probe(options, deps),
    demo: async (options) => (await import('./demo.ts')).demo(options, deps),
    checkManifest: async (file) => (await import('./manifest-check.ts')).checkManifest(file, deps),
    proposeManifest: async (where) => (await import('../generation/index.ts')).proposeManifest(files, where),
    writeEditorSchema: async (where) => (await import('./editor-schema.ts')).writeEditorSchema(files, where),
    importFrom: async (wish) => (await movingIn()).importFrom(wish),
    async *importedPast(wish) {
      yield* (await movingIn()).importedPast(wish);
    },
    host: createHostFacts(deps),
    createKeys: async (options) => (await keys()).createKeys(options),
    showKeys: async (options) => (await keys()).showKeys(options),
    listVault: async (options) => (await vault()).listVault(options),
    verifyInVault: async (options) => (await vault()).verifyInVault(options),
    restoreFromVault: async (options) => (await vault()).restoreFromVault(options),
    planMigration: async (downTo) => (await import('./migration-plan.ts')).planMigration(config(), downTo),
    migrate: async (downTo) => (await import('./migration-plan.ts')).migrate(config(), downTo),
  };
}

async function keys(): Promise<OfflineKeys> {
  return (await import('./keys.ts')).createOfflineKeys(systemClock);
}
