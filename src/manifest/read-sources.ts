import path from 'node:path';
import { EvenkeelError } from '../kernel/errors.ts';
import type { Files } from '../kernel/files.ts';
import type { Finding, Place } from './problem.ts';

/** Some hundred times what a large application needs. */
export const FILE_BYTES_MAX = 1_000_000;
const FILES_MAX = 200;
/** Files in this folder, beside the main one, are parts of the same manifest. */
const PARTS_FOLDER = 'evenkeel.d';

export type ReadFiles = Pick<Files, 'read' | 'list'>;

/** One file of the manifest, decoded but not yet understood. */
export interface SourceFile {
  /** Relative to the folder of the main file. */
  readonly file: string;
  readonly text: string;
}

export interface Sources {
  /** The main file first, then the parts in the order of their names. */
  readonly sources: readonly SourceFile[];
  readonly findings: readonly Finding[];
  readonly warnings: readonly Finding[];
}

/** Reads `evenkeel.yaml` and what lies in `evenkeel.d/` beside it. */
export async function readSources(files: ReadFiles, manifestPath: string): Promise<Sources> {
  const folder = path.dirname(manifestPath);
  const sources: SourceFile[] = [];
  const findings: Finding[] = [];
  const keep = (answer: SourceFile | Finding | undefined) => {
    if (answer === undefined) return;
    if ('text' in answer) sources.push(answer);
    else findings.push(answer);
  };

  keep(await readOne(files, folder, path.basename(manifestPath)));
  const names = await refusalAsFinding(PARTS_FOLDER, () => files.list(path.join(folder, PARTS_FOLDER)));
  if ('message' in names) return { sources, findings: [...findings, names], warnings: [] };
  const parts = names.filter((name) => name.endsWith('.yaml')).map((name) => path.posix.join(PARTS_FOLDER, name));
  const strangers = names.filter((name) => name.endsWith('.yml'));

  if (parts.length > FILES_MAX) {
    findings.push({ place: startOf(PARTS_FOLDER), message: `More than ${FILES_MAX} files are too many.` });
  }
  for (const file of parts.slice(0, FILES_MAX)) keep(await readOne(files, folder, file));
  return { sources, findings, warnings: strangers.map(notRead) };
}

async function readOne(files: ReadFiles, folder: string, file: string): Promise<SourceFile | Finding | undefined> {
  const text = await refusalAsFinding(file, () => files.read(path.join(folder, file), { bytesMax: FILE_BYTES_MAX }));
  if (typeof text !== 'string') return text;
  return unreadableIn(file, text) ?? { file, text };
}

async function refusalAsFinding<Answer>(file: string, ask: () => Promise<Answer>): Promise<Answer | Finding> {
  try {
    return await ask();
  } catch (error) {
    // Anything but a catalogued refusal is a defect of ours and not the author's to put right.
    if (!(error instanceof EvenkeelError)) throw error;
    return { place: startOf(file), message: error.message, hint: error.hint };
  }
}

/** What was saved in another encoding decodes to replacement characters or to zeros between the letters. */
function unreadableIn(file: string, text: string): Finding | undefined {
  const index = text.search(/[\0\u{fffd}]/u);
  if (index === -1) return undefined;
  const before = text.slice(0, index).split('\n');
  return {
    place: { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 },
    message: 'This is not UTF-8 text.',
    hint: 'Save the file in the encoding UTF-8; editors offer it under "Save with encoding".',
  };
}

function notRead(name: string): Finding {
  const file = path.posix.join(PARTS_FOLDER, name);
  return {
    place: startOf(file),
    message: 'This file is not read, because its name does not end in `.yaml`.',
    hint: `Rename it to ${name.replace(/\.yml$/, '.yaml')}.`,
  };
}

export function startOf(file: string): Place {
  return { file, line: 1, column: 1 };
}
