import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import * as z from 'zod';
import { type LoadedManifest, loadManifest } from '../../src/manifest/index.ts';
import { diskFiles } from '../../src/platform/files.ts';
import { ROOT } from './documents.ts';

const Report = z.object({
  isWritten: z.boolean(),
  items: z.array(
    z.object({
      title: z.string(),
      from: z.string(),
      place: z.string().nullable(),
      outcome: z.string(),
      reason: z.string().nullable(),
      notes: z.array(z.string()),
    }),
  ),
  notes: z.array(z.string()),
});
export type ImportTold = z.output<typeof Report>;

export interface ImportTrial {
  readonly told: ImportTold;
  /** As the server would read it: what was imported is in it. */
  readonly manifest: LoadedManifest;
  /** Titles of what could not be carried over, with where it stands and why. */
  readonly left: Readonly<Record<string, string>>;
  /** A file of the folder; empty when there is none. */
  text(file: string): string;
}

/**
 * Runs `evenkeel import` in a real folder, reads the manifest as a server would, and runs it again: then nothing may
 * change.
 */
export async function tryImport(
  t: TestContext,
  files: Readonly<Record<string, string>>,
  { source, where, variables = {} }: { source: string; where: string; variables?: Readonly<Record<string, string>> },
): Promise<ImportTrial> {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-import-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [file, text] of Object.entries({ 'evenkeel.yaml': 'app: shop\n', ...files })) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  const text = (file: string) =>
    existsSync(path.join(folder, file)) ? readFileSync(path.join(folder, file), 'utf8') : '';
  const written = () => [`evenkeel.d/imported-${source}.yaml`, `evenkeel.d/imported-${source}.json`, '.env'].map(text);
  const run = () => importOnce(folder, [source, where], variables);

  const told = await run();
  assert.equal(told.isWritten, true);
  const loaded = await loadManifest({
    path: path.join(folder, 'evenkeel.yaml'),
    files: diskFiles,
    environmentVariable: (name) => variables[name],
    environment: undefined,
  });
  assert.ok(loaded.outcome === 'loaded', JSON.stringify(loaded));
  const before = written();
  const again = await run();
  assert.deepEqual(
    again.items.filter(({ outcome }) => outcome === 'created' || outcome === 'changed'),
    [],
  );
  assert.deepEqual(written(), before);
  const left = told.items.filter(({ outcome }) => outcome === 'cannot' || outcome === 'skipped');
  return {
    told,
    manifest: loaded,
    left: Object.fromEntries(left.map(({ title, from, reason }) => [title, `${from} ${reason ?? ''}`])),
    text,
  };
}

async function importOnce(folder: string, argv: readonly string[], variables: Readonly<Record<string, string>>) {
  const program = path.join(ROOT, 'bin', 'evenkeel.js');
  const env = { PATH: process.env['PATH'], HOME: folder, ...variables };
  const { stdout } = await promisify(execFile)(process.execPath, [program, 'import', ...argv, '--json'], {
    cwd: folder,
    env,
  });
  return Report.parse(JSON.parse(stdout));
}
