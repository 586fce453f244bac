import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type LoadedManifest, type LoadResult, loadManifest } from '../../src/manifest/index.ts';
import { memoryFiles } from './memory-files.ts';

/** The manifest of the design, word for word. */
export const SAMPLE = readFileSync(path.join(import.meta.dirname, '../golden/sample.evenkeel.yaml'), 'utf8');

export const SAMPLE_VARIABLES = {
  DATABASE_URL: 'postgres://shop:hunter2@db.internal/shop',
  REDIS_URL: 'redis://cache.internal:6379',
  S3_URL: 'https://s3.internal',
  ADA_PHONE: '+49 30 1234567',
  SLACK_URL: 'https://hooks.slack.example/services/T0/B0/xyzzy',
  PD_KEY: 'r0ut1ngk3y',
};

export interface Surroundings {
  readonly variables?: Readonly<Record<string, string>>;
  /** Other files, by their path under the folder of the manifest. */
  readonly files?: Readonly<Record<string, string>>;
  readonly environment?: string;
}

/** Loads a text as if it stood in `/app/evenkeel.yaml`. */
export function loadText(text: string, { variables = {}, files = {}, environment }: Surroundings = {}) {
  const others = Object.entries(files).map(([name, content]) => [path.join('/app', name), content] as const);
  return loadManifest({
    path: '/app/evenkeel.yaml',
    files: memoryFiles({ '/app/evenkeel.yaml': text, ...Object.fromEntries(others) }),
    environmentVariable: variableOf(variables),
    environment,
  });
}

export async function loadedText(text: string, surroundings: Surroundings = {}): Promise<LoadedManifest> {
  const result = await loadText(text, surroundings);
  assert.equal(result.outcome, 'loaded', `refused:\n${saidOf(result).join('\n')}`);
  return result;
}

/** `evenkeel.yaml:7:5 services.web.helth is not a known key. Did you mean "health"?` */
export function saidOf(result: LoadResult): readonly string[] {
  const problems = result.outcome === 'loaded' ? result.warnings : result.problems;
  return problems.map(({ file, line, column, message, hint }) => {
    return [`${file}:${line}:${column}`, message, hint].filter(Boolean).join(' ');
  });
}

export function variableOf(variables: Readonly<Record<string, string>>) {
  return (name: string) => (Object.hasOwn(variables, name) ? variables[name] : undefined);
}
