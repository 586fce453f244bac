export { checkVariables, type VariableReport, type VariableSources } from './check-variables.ts';
export { formatProblems, type ProblemFormat } from './format-problems.ts';
export { manifestJsonSchema } from './json-schema.ts';
export { type LoadedManifest, type LoadOptions, type LoadResult, loadManifest, type RejectedManifest } from './load.ts';
export type { ManifestSourceStatus, ReloadResult } from './manifest-in-force.ts';
export { createManifestSource, type ManifestSource, type ManifestSourceDeps } from './manifest-source.ts';
export type { Problem } from './problem.ts';
export type { Manifest } from './schema.ts';
export { writtenSigners } from './written-signers.ts';
