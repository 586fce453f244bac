import { codeOf } from '../kernel/errors.ts';
import type { Files } from '../kernel/files.ts';

/**
 * A stranger's folder, seen through limits: nothing is executed, and nothing in it can make us read for ever.
 * All paths are relative to the folder, with `/`.
 */
export interface ProjectView {
  /** The name of the folder itself. */
  readonly name: string;
  /** Everything seen, shallow first and sorted within a folder. */
  readonly paths: readonly string[];
  /** The text, or undefined when there is none worth reading; what was left out is in `leftOut`. */
  read(path: string): Promise<SourceText | undefined>;
  readonly leftOut: readonly LeftOut[];
  /** For detectors: a file that cannot be understood is left out too. */
  leaveOut(file: string, why: string): void;
}

export interface SourceText {
  readonly file: string;
  readonly text: string;
  /** The line, counted from 1, of a position in the text. */
  lineAt(offset: number): number;
}

export interface LeftOut {
  readonly file: string;
  /** A sentence without its full stop. */
  readonly why: string;
}

const BYTES_MAX = 256 * 1024;
const FILES_READ_MAX = 400;
const FOLDERS_MAX = 400;
const ENTRIES_MAX = 5_000;
const DEPTH_MAX = 4;

/** Nobody's own code, or made by a build. */
const SKIPPED = new Set(
  `node_modules vendor dist build out target coverage venv env site-packages
   __pycache__ bower_components tests test __tests__ fixtures migrations`.split(/\s+/),
);

export async function viewProject(files: Pick<Files, 'read' | 'list'>, folder: string): Promise<ProjectView> {
  const leftOut: LeftOut[] = [];
  const texts = new Map<string, SourceText | undefined>();
  const leaveOut = (file: string, why: string) => void leftOut.push({ file, why });
  const paths = await walk(files, folder, leaveOut);

  async function readOnce(path: string): Promise<SourceText | undefined> {
    try {
      const text = await files.read(`${folder}/${path}`, { bytesMax: BYTES_MAX });
      if (text === undefined) return undefined;
      if (!text.includes('\0')) return sourceText(path, text);
      leaveOut(path, 'it is not a text');
    } catch (error) {
      const isLong = codeOf(error) === 'FILE_TOO_LONG';
      leaveOut(path, isLong ? `it is larger than ${BYTES_MAX / 1024} kB` : `it cannot be read (${systemCode(error)})`);
    }
    return undefined;
  }

  return {
    name: folder.split('/').findLast((part) => part !== '') ?? 'app',
    paths,
    leftOut,
    leaveOut,
    async read(path) {
      if (!texts.has(path)) {
        if (texts.size >= FILES_READ_MAX) return undefined;
        texts.set(path, await readOnce(path));
      }
      return texts.get(path);
    },
  };
}

/** Breadth first, so that limits cut what is deep before what is near. */
async function walk(
  files: Pick<Files, 'list'>,
  folder: string,
  leaveOut: (file: string, why: string) => void,
): Promise<readonly string[]> {
  const paths: string[] = [];
  const pending: { readonly at: string; readonly listingsAbove: readonly string[] }[] = [{ at: '', listingsAbove: [] }];
  let folders = 0;
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    const { at, listingsAbove } = next;
    folders += 1;
    const names = await files.list(at === '' ? folder : `${folder}/${at}`).catch((error: unknown) => {
      leaveOut(at, `it cannot be listed (${systemCode(error)})`);
      return [];
    });
    const listing = names.join('/');
    // A link to a folder above shows the same names again, for ever.
    if (names.length > 0 && listingsAbove.includes(listing)) {
      leaveOut(at, 'it leads back to a folder above it');
      continue;
    }
    if (paths.length + names.length > ENTRIES_MAX || folders > FOLDERS_MAX) {
      leaveOut(at === '' ? '.' : at, 'there is too much in this folder to look through');
      break;
    }
    const children = names.map((name) => (at === '' ? name : `${at}/${name}`));
    paths.push(...children);
    if (listingsAbove.length >= DEPTH_MAX) continue;
    pending.push(
      ...children
        .filter((_, index) => mayBeFolder(names[index] ?? ''))
        .map((child) => ({ at: child, listingsAbove: [...listingsAbove, listing] })),
    );
  }
  return paths;
}

/** Listing a file gives nothing, so a wrong guess only costs a call. */
function mayBeFolder(name: string): boolean {
  return !name.includes('.') && !SKIPPED.has(name);
}

/** What the system said, e.g. `EACCES`, below our own wording of it. */
function systemCode(error: unknown): string {
  return codeOf(error instanceof Error && error.cause !== undefined ? error.cause : error);
}

function sourceText(file: string, text: string): SourceText {
  return {
    file,
    text,
    lineAt: (offset) => text.slice(0, Math.max(offset, 0)).split('\n').length,
  };
}

/** The folder a path is in; `.` for the folder that was looked at. */
export function folderOf(path: string): string {
  const end = path.lastIndexOf('/');
  return end === -1 ? '.' : path.slice(0, end);
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
