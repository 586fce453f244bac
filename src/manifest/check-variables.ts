import path from 'node:path';
import type { LoadedManifest } from './load.ts';
import type { Problem } from './problem.ts';
import type { ReadFiles } from './read-sources.ts';
import { type DeclaredVariable, objectionTo } from './service-variables.ts';
import { createLookup, type Environment, type VariableLookup } from './variable-lookup.ts';

export interface VariableSources {
  readonly files: ReadFiles;
  readonly environmentVariable: Environment;
  /** The folder of the manifest; `source` is relative to it. */
  readonly folder: string;
}

export interface VariableReport {
  /** How many declarations were looked at. */
  readonly checked: number;
  readonly problems: readonly Problem[];
}

/**
 * Are the variables that services declare under `env:` there, and of their type? Looked up in the environment of the
 * process, then in the `.env` of the service's source, then in the one beside the manifest. Values are never shown.
 */
export async function checkVariables(loaded: LoadedManifest, sources: VariableSources): Promise<VariableReport> {
  const { files, environmentVariable, folder } = sources;
  const problems: Problem[] = [];
  let checked = 0;
  for (const [name, { env = {}, source }] of Object.entries(loaded.manifest.services ?? {})) {
    const folders = source === undefined ? [folder] : [path.resolve(folder, source), folder];
    const lookup = createLookup({ files, environment: environmentVariable, folders });
    for (const [variable, declared] of Object.entries(env)) {
      checked += 1;
      const objection = await objectionIn(lookup, variable, declared);
      const where = [name, source].filter((part) => part !== undefined).join(' in ');
      const hint = `Set it in the environment or in a .env file for ${where}; add ? to its type if it may be missing.`;
      if (objection !== undefined)
        problems.push(loaded.problemAt(['services', name, 'env', variable], objection, hint));
    }
  }
  return { checked, problems };
}

async function objectionIn(
  lookup: VariableLookup,
  name: string,
  declared: DeclaredVariable,
): Promise<string | undefined> {
  const found = await lookup(name);
  if (found.outcome === 'unreadable') return found.message;
  if (found.outcome === 'missing' || found.value === '') {
    return declared.isRequired ? `The variable ${name} is not set.` : undefined;
  }
  const expected = objectionTo(declared, found.value);
  return expected === undefined ? undefined : `The variable ${name} is set, but not to ${expected}.`;
}
