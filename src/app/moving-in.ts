import path from 'node:path';
import type { ImportReport, ImportWish, OfflineImport, PastOfMonitor } from '../faces/cli/offline-import.ts';
import type { Secret } from '../kernel/secret.ts';
import {
  DOTENV_BYTES_MAX,
  FILE_BYTES_MAX,
  filesWith,
  type LoadOptions,
  loadManifest,
  type Problem,
} from '../manifest/index.ts';
import {
  createNames,
  createVariables,
  dotenvWith,
  type ImportSource,
  importSources,
  memoryText,
  partText,
  type SettledItem,
  settle,
  Unwritable,
  withoutNames,
} from '../moving/index.ts';
import { systemClock } from '../platform/system-clock.ts';
import { readConfig } from './config.ts';
import { errors } from './errors.ts';
import { createImportIo } from './import-io.ts';
import { type Before, type ImportFiles, importFilesOf, namesKnown, standingBefore } from './import-standing.ts';
import type { OfflineDeps } from './offline.ts';
import { writePrivately } from './private-file.ts';

/** Every round takes out what the manifest will not have; a source that needs more is not understood. */
const ROUNDS_MAX = 20;

export function createMovingIn(deps: OfflineDeps): OfflineImport {
  return { importFrom: (wish) => importFrom(wish, deps), importedPast: (wish) => importedPast(wish, deps) };
}

async function importFrom(wish: ImportWish, deps: OfflineDeps): Promise<ImportReport> {
  const source = importSources.get(wish.source);
  const manifest = readConfig(deps.variables, deps.folder).manifest;
  const own = importFilesOf(source.type);
  const before = await standingBefore(manifest, own, deps.files);
  if (!before.hasManifest) throw errors.IMPORT_NO_MANIFEST({ file: path.basename(manifest), type: source.type });

  using opening = new DisposableStack();
  const io = createImportIo(source, { ...deps, clock: systemClock }, opening);
  const plan = await source.plan({ where: wish.where, io, nameFor: createNames(namesKnown(before)) });
  const variables = createVariables(source.type);
  const settled = settle(plan.items, variables, { ...before, overwrites: wish.overwrites });
  const load = loadOptions(manifest, deps);
  const sound = await soundPart(settled, { source, before, own, secrets: variables.all(), load });

  const isWritten = !wish.isDryRun && sound.problems.length === 0;
  const memory = memoryText(sound.settled, before.memory, source.title);
  const texts = { part: sound.text, memory, dotenv: sound.dotenv };
  demandReadable(own.part, texts.part, FILE_BYTES_MAX);
  demandReadable(own.dotenv, texts.dotenv, DOTENV_BYTES_MAX);
  if (isWritten) await write(texts, { before, own, manifest, deps });
  return {
    title: source.title,
    file: own.part,
    isWritten,
    items: sound.settled.map(viewOf),
    variables: [...sound.variables].map(([name, secret]) => {
      const now = before.variables.get(name);
      return { name, state: now === undefined ? 'added' : now === secret.reveal() ? 'there' : 'differs' };
    }),
    notes: plan.notes,
    problems: sound.problems,
    hasPast: source.past !== undefined,
  };
}

function loadOptions(manifest: string, { files, variables, folder }: OfflineDeps): LoadOptions {
  const environment = readConfig(variables, folder).environment ?? undefined;
  return { path: manifest, files, environmentVariable: (name) => variables[name], environment };
}

interface Trial {
  readonly source: ImportSource;
  readonly before: Before;
  readonly own: ImportFiles;
  readonly secrets: ReadonlyMap<string, Secret>;
  readonly load: LoadOptions;
}

interface Sound extends Draft {
  readonly settled: readonly SettledItem[];
  readonly problems: readonly Problem[];
}

/** What the manifest would refuse is named and left behind, so that one odd entry does not keep the others out. */
async function soundPart(settled: readonly SettledItem[], trial: Trial): Promise<Sound> {
  let items = settled;
  for (let round = 1; ; round += 1) {
    const draft = draftOf(items, trial);
    const problems = await problemsWith(draft, trial);
    const blamed = round > ROUNDS_MAX ? new Map<string, string>() : blame(items, problems, trial.own.part);
    if (blamed.size === 0) return { ...draft, settled: items, problems };
    const refused = new Set(
      items.flatMap(({ key, place }) => (blamed.has(key) && place?.section === 'monitors' ? [place.name] : [])),
    );
    const marked = items.map((item): SettledItem => {
      const reason = blamed.get(item.key);
      return reason === undefined ? item : { ...item, outcome: 'cannot', reason };
    });
    items = withoutNames(marked, refused, trial.before.imported);
  }
}

/** A file that is too long to be read would take the whole manifest with it. */
function demandReadable(file: string, text: string, bytesMax: number): void {
  const bytes = Buffer.byteLength(text);
  if (bytes > bytesMax) throw errors.IMPORT_TOO_LONG({ file, bytes, bytesMax });
}

interface Draft {
  readonly text: string;
  readonly dotenv: string;
  /** Those that what is written names. */
  readonly variables: ReadonlyMap<string, Secret>;
}

function draftOf(items: readonly SettledItem[], { source, before, own, secrets }: Trial): Draft {
  const written = items.filter(({ outcome }) => outcome === 'created' || outcome === 'changed' || outcome === 'there');
  const named = JSON.stringify(written.map(({ place }) => place?.entry));
  const variables = new Map([...secrets].filter(([name]) => named.includes(`\${${name}}`)));
  const missing = new Map([...variables].filter(([name]) => !before.variables.has(name)));
  return {
    text: partOf(),
    dotenv: dotenvWith(before.texts.dotenv ?? '', source.title, missing),
    variables,
  };

  function partOf(): string {
    try {
      return partText(before.texts.part, items, source);
    } catch (cause) {
      if (!(cause instanceof Unwritable)) throw cause;
      throw errors.IMPORT_PART_UNUSABLE({ file: own.part, problem: cause.message }, { cause });
    }
  }
}

async function problemsWith({ text, dotenv }: Draft, { own, load }: Trial): Promise<readonly Problem[]> {
  const folder = path.dirname(load.path);
  const withPart = text === '' ? load.files : filesWith(load.files, path.join(folder, own.part), text);
  const files = filesWith(withPart, path.join(folder, own.dotenv), dotenv);
  const loaded = await loadManifest({ ...load, files });
  return loaded.outcome === 'loaded' ? [] : loaded.problems;
}

/** The items about to be written that a problem is about, by key, with its sentence. */
function blame(items: readonly SettledItem[], problems: readonly Problem[], file: string): ReadonlyMap<string, string> {
  const blamed = new Map<string, string>();
  const fresh = items.filter(({ outcome }) => outcome === 'created' || outcome === 'changed');
  for (const { file: where, path: at, message, hint } of problems) {
    const item = where === file ? fresh.find(({ place }) => place !== undefined && isWithin(at, place)) : undefined;
    if (item === undefined || blamed.has(item.key)) continue;
    blamed.set(item.key, `The manifest does not take it: ${message}${hint === undefined ? '' : ` ${hint}`}`);
  }
  // A page or a window that only names a monitor which is refused has no fault of its own.
  const monitors = [...blamed].filter(([key]) => items.find((item) => item.key === key)?.place?.section === 'monitors');
  return monitors.length > 0 ? new Map(monitors) : blamed;
}

function isWithin(at: string, { section, name }: { readonly section: string; readonly name: string }): boolean {
  const own = `${section}.${name}`;
  return at === own || at.startsWith(`${own}.`) || at.startsWith(`${own}[`);
}

interface Folder {
  readonly before: Before;
  readonly own: ImportFiles;
  readonly manifest: string;
  readonly deps: OfflineDeps;
}

/** Secrets first: a manifest whose variables are missing would be refused by a server that is running. */
async function write(texts: Readonly<Record<keyof ImportFiles, string>>, { before, own, manifest, deps }: Folder) {
  const place = (file: string) => path.join(path.dirname(manifest), file);
  if (texts.dotenv !== (before.texts.dotenv ?? '')) await writePrivately(deps.files, place(own.dotenv), texts.dotenv);
  if (texts.part !== (before.texts.part ?? '')) await deps.files.replace(place(own.part), texts.part);
  if (texts.memory !== before.texts.memory) await deps.files.replace(place(own.memory), texts.memory);
}

function viewOf({ what, title, from, outcome, reason, notes, place }: SettledItem): ImportReport['items'][number] {
  const where = place === undefined || outcome === 'cannot' ? null : `${place.section}.${place.name}`;
  return { what, title, from, place: where, outcome, reason, notes };
}

/** Only of what is imported: whatever else was measured there has no name here. */
async function* importedPast(
  { source: type, where }: Pick<ImportWish, 'source' | 'where'>,
  deps: OfflineDeps,
): AsyncIterable<PastOfMonitor> {
  const source = importSources.get(type);
  const { memory } = await standingBefore(
    readConfig(deps.variables, deps.folder).manifest,
    importFilesOf(type),
    deps.files,
  );
  using opening = new DisposableStack();
  const io = createImportIo(source, { ...deps, clock: systemClock }, opening);
  if (source.past === undefined) return;
  for await (const { key, spans } of source.past({ where, io })) {
    const known = memory.get(key);
    if (known?.section === 'monitors') yield { monitor: known.name, spans };
  }
}
