import path from 'node:path';
import type { ManifestProposal, ManifestReport, Offline } from '../faces/cli/context.ts';
import type { Files } from '../kernel/files.ts';
import { checkVariables, loadManifest } from '../manifest/index.ts';
import { readConfig, type Variables } from './config.ts';
import { demo } from './demo.ts';
import { writeEditorSchema } from './editor-schema.ts';
import { createHostFacts } from './host-facts.ts';
import { migrate, planMigration } from './migration-plan.ts';
import { serve } from './serve.ts';

export interface OfflineDeps {
  readonly folder: string;
  readonly variables: Variables;
  readonly files: Files;
}

/** What the command line can do without a running server. */
export function createOffline(deps: OfflineDeps): Offline {
  const { folder, variables, files } = deps;
  const config = () => readConfig(variables, folder);
  return {
    serve: (options) => serve(options, deps),
    demo: (options) => demo(options, deps),
    checkManifest: (file) => checkManifest(file, deps),
    proposeManifest: (where) => propose(files, where),
    writeEditorSchema: (where) => writeEditorSchema(files, where),
    host: createHostFacts(deps),
    planMigration: (downTo) => planMigration(config(), downTo),
    migrate: (downTo) => migrate(config(), downTo),
  };
}

async function propose(files: Files, folder: string): Promise<ManifestProposal> {
  // Only `init` looks through repositories; a server that runs for months should not carry that.
  const { proposeManifest } = await import('../generation/index.ts');
  return proposeManifest(files, folder);
}

async function checkManifest(file: string | undefined, deps: OfflineDeps): Promise<ManifestReport> {
  const { folder, variables, files } = deps;
  const config = readConfig(variables, folder);
  const manifestPath = file === undefined ? config.manifest : path.resolve(folder, file);
  const environmentVariable = (name: string) => variables[name];
  const environment = config.environment ?? undefined;
  const loaded = await loadManifest({ path: manifestPath, files, environmentVariable, environment });
  const nothing = { app: null, services: 0, monitors: 0, variables: 0, warnings: [] };
  if (loaded.outcome !== 'absent') await writeEditorSchema(files, path.dirname(manifestPath));
  if (loaded.outcome !== 'loaded') return { ...nothing, files: loaded.files, problems: loaded.problems };

  const sources = { files, environmentVariable, folder: path.dirname(manifestPath) };
  const { checked, problems } = await checkVariables(loaded, sources);
  return {
    files: loaded.files,
    app: loaded.model.app,
    services: loaded.model.services.length,
    monitors: Object.keys(loaded.manifest.monitors ?? {}).length,
    variables: checked,
    problems,
    warnings: loaded.warnings,
  };
}
