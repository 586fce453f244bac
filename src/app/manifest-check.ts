import path from 'node:path';
import type { ManifestReport } from '../faces/cli/context.ts';
import { checkVariables, loadManifest } from '../manifest/index.ts';
import { dotenvNotes, mailNotes } from './check-notes.ts';
import { readConfig } from './config.ts';
import { describedBy } from './described.ts';
import { writeEditorSchema } from './editor-schema.ts';
import type { OfflineDeps } from './offline.ts';

/** Reads the manifest as `serve` would, and looks at the variables that its services declare. */
export async function checkManifest(file: string | undefined, deps: OfflineDeps): Promise<ManifestReport> {
  const { folder, variables, files } = deps;
  const config = readConfig(variables, folder);
  const manifestPath = file === undefined ? config.manifest : path.resolve(folder, file);
  const environmentVariable = (name: string) => variables[name];
  const environment = config.environment ?? undefined;
  const loaded = await loadManifest({ path: manifestPath, files, environmentVariable, environment });
  const nothing = { app: null, services: 0, monitors: 0, variables: 0, warnings: [] };
  if (loaded.outcome !== 'absent') await writeEditorSchema(files, path.dirname(manifestPath));
  const dotenv = path.join(path.dirname(manifestPath), '.env');
  const unread = loaded.outcome === 'absent' ? [] : await dotenvNotes(dotenv, deps);
  if (loaded.outcome !== 'loaded') {
    return { ...nothing, files: loaded.files, problems: loaded.problems, warnings: unread };
  }

  const sources = { files, environmentVariable, folder: path.dirname(manifestPath) };
  const { checked, problems } = await checkVariables(loaded, sources);
  const { monitoring, notes } = describedBy(loaded, { manifest: manifestPath });
  return {
    files: loaded.files,
    app: loaded.model.app,
    services: loaded.model.services.length,
    monitors: monitoring.monitors.length,
    variables: checked,
    problems,
    warnings: [...loaded.warnings, ...notes, ...mailNotes(loaded, config), ...unread],
  };
}
