import { constants, createWriteStream } from 'node:fs';
import { type FileHandle, link, lstat, mkdir, open, readdir, rmdir, unlink } from 'node:fs/promises';
import path from 'node:path';
import { addAbortSignal, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod';
import { codeOf } from '../../kernel/errors.ts';
import type { Ids } from '../../kernel/ids.ts';
import { errors } from '../errors.ts';
import type { Vault, VaultEntry, VaultType } from '../vault.ts';

const Folder = z
  .string()
  .regex(/^(?:\.{0,2}\/|[^:]+$)/, 'Expected a folder such as ./backups, or `{ s3: "s3://bucket" }`.')
  .describe('A folder on this machine, e.g. ./backups.');

const Settings = z.strictObject({ folder: z.string() });

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
const AT_ONCE_BYTES = 1024 * 1024;
/** What is being written stands beside its place under such a name, and is never an entry. */
const HALF_WRITTEN = /^\.evenkeel-[\w-]+\.part$/;

export const directory: VaultType = {
  type: 'directory',
  summary: 'A folder on this machine: a disk, a volume, a mounted share.',
  testedAgainst: 'ext4, overlayfs and tmpfs on Linux',
  entry: Folder,
  settingsOf(entry, folder) {
    const written = Folder.safeParse(entry);
    return written.success ? { folder: path.resolve(folder, written.data) } : undefined;
  },
  open: (name, settings, { ids }) => openFolder(name, Settings.parse(settings).folder, ids),
};

function openFolder(name: string, root: string, ids: Ids): Vault {
  const refuse = (error: unknown, entry: string) => refusal(error, { vault: name, where: root, path: entry });
  return {
    name,
    where: root,
    async write(entry, content, signal) {
      const steps = stepsOf(name, entry);
      try {
        const folder = await makeFolders(root, steps.slice(0, -1));
        const fresh = path.join(folder, `.evenkeel-${ids.secret(9)}.part`);
        try {
          await fill(fresh, content, signal);
          // Unlike a rename, a link never takes the place of something.
          await link(fresh, path.join(folder, steps.at(-1) ?? '')).catch((error: unknown) => {
            throw codeOf(error) === 'EEXIST' ? errors.VAULT_ENTRY_EXISTS({ vault: name, path: entry }) : error;
          });
        } finally {
          await unlink(fresh).catch(unlessMissing);
        }
        await syncFolder(folder);
      } catch (error) {
        throw refuse(error, entry);
      }
    },
    read(entry, signal) {
      const chunks = readChunks(root, stepsOf(name, entry), (error) => refuse(error, entry));
      return addAbortSignal(signal, Readable.from(chunks, { objectMode: false, highWaterMark: AT_ONCE_BYTES }));
    },
    async readSmall(entry, { bytesMax }) {
      const steps = stepsOf(name, entry);
      try {
        await using handle = await openEntry(root, steps);
        // One byte more than allowed, so that a file that grows meanwhile cannot slip through.
        const chunks = await Array.fromAsync(handle.createReadStream({ end: bytesMax, autoClose: false }));
        const bytes = Buffer.concat(chunks);
        if (bytes.length > bytesMax) throw errors.VAULT_ENTRY_TOO_LONG({ vault: name, path: entry, bytesMax });
        return bytes;
      } catch (error) {
        throw refuse(error, entry);
      }
    },
    async list(folder) {
      const steps = folder === '' ? [] : stepsOf(name, folder);
      try {
        const files = await filesBelow(root, steps, (file) => !HALF_WRITTEN.test(file));
        const entries = (await Promise.all(files.map((file) => entryOf(root, file)))).flatMap((entry) => entry ?? []);
        return entries.toSorted((one, other) => (one.path < other.path ? -1 : 1));
      } catch (error) {
        throw refuse(error, folder);
      }
    },
    async remove(entry) {
      const steps = stepsOf(name, entry);
      try {
        await refuseLinks(root, steps.slice(0, -1));
        await unlink(path.join(root, ...steps)).catch(unlessMissing);
        await removeEmptyFolders(root, steps.slice(0, -1));
      } catch (error) {
        if (!isMissing(error)) throw refuse(error, entry);
      }
    },
    async sweep(before) {
      try {
        const old = await filesBelow(root, [], (file) => HALF_WRITTEN.test(file));
        const removed = await Promise.all(old.map((file) => removeOlder(path.join(root, ...file), before)));
        return removed.filter(Boolean).length;
      } catch (error) {
        throw refuse(error, '');
      }
    },
  };
}

function stepsOf(vault: string, entry: string): readonly string[] {
  const steps = entry.split('/');
  if (!steps.every(isPlain) || HALF_WRITTEN.test(steps.at(-1) ?? '')) {
    throw errors.VAULT_PATH_REFUSED({ vault, path: JSON.stringify(entry) });
  }
  return steps;
}

function isPlain(step: string): boolean {
  return !['', '.', '..'].includes(step) && !/[\0\\]/.test(step);
}

/** Each new folder is made known to the disk before anything is put into it. */
async function makeFolders(root: string, steps: readonly string[]): Promise<string> {
  await makeRoot(root);
  let folder = root;
  for (const step of steps) {
    const parent = folder;
    folder = path.join(parent, step);
    try {
      await mkdir(folder, { mode: FOLDER_MODE });
      await syncFolder(parent);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
  await refuseLinks(root, steps);
  return folder;
}

async function makeRoot(root: string): Promise<void> {
  const first = await mkdir(root, { recursive: true, mode: FOLDER_MODE });
  if (first === undefined) return;
  for (let made = root; made.startsWith(first); made = path.dirname(made)) await syncFolder(path.dirname(made));
}

/** The vault itself may be behind a link, for that is its owner's choice; what is in it may not lead out of it. */
async function refuseLinks(root: string, steps: readonly string[]): Promise<void> {
  for (const depth of steps.keys()) {
    const folder = path.join(root, ...steps.slice(0, depth + 1));
    if (!(await lstat(folder)).isDirectory()) throw new StrangeEntry(`${folder} is not a folder`);
  }
}

class StrangeEntry extends Error {}

/** The error of the content passes as it is; only what the disk says is about the vault. */
async function fill(file: string, content: Readable | Uint8Array, signal: AbortSignal): Promise<void> {
  const source = content instanceof Readable ? content : Readable.from([content]);
  const target = createWriteStream(file, { flags: 'wx', mode: FILE_MODE, flush: true, highWaterMark: AT_ONCE_BYTES });
  let failedFirst: Readable | typeof target | undefined;
  for (const stream of [source, target]) stream.once('error', () => (failedFirst ??= stream));
  try {
    await pipeline(source, target, { signal });
  } catch (error) {
    throw failedFirst === target ? error : new ContentError(error);
  }
}

class ContentError extends Error {
  constructor(cause: unknown) {
    super('The content ended with an error.', { cause });
  }
}

async function* readChunks(
  root: string,
  steps: readonly string[],
  refuse: (error: unknown) => unknown,
): AsyncGenerator<Buffer> {
  try {
    await using handle = await openEntry(root, steps);
    yield* handle.createReadStream({ autoClose: false, highWaterMark: AT_ONCE_BYTES });
  } catch (error) {
    throw refuse(error);
  }
}

/** Without waiting: a pipe that somebody put there would keep us for ever. */
async function openEntry(root: string, steps: readonly string[]): Promise<FileHandle> {
  await refuseLinks(root, steps.slice(0, -1));
  const file = path.join(root, ...steps);
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw new StrangeEntry(`${file} is not a file`);
}

async function filesBelow(
  root: string,
  steps: readonly string[],
  wanted: (file: string) => boolean,
): Promise<readonly (readonly string[])[]> {
  const found: (readonly string[])[] = [];
  const children = await readdir(path.join(root, ...steps), { withFileTypes: true }).catch(noneIfMissing);
  for (const child of children) {
    const place = [...steps, child.name];
    if (child.isDirectory()) found.push(...(await filesBelow(root, place, wanted)));
    else if (child.isFile() && wanted(child.name)) found.push(place);
  }
  return found;
}

async function entryOf(root: string, steps: readonly string[]): Promise<VaultEntry | undefined> {
  const found = await lstat(path.join(root, ...steps)).catch(unlessMissing);
  return found && { path: steps.join('/'), bytes: found.size };
}

async function removeEmptyFolders(root: string, steps: readonly string[]): Promise<void> {
  for (let depth = steps.length; depth > 0; depth -= 1) {
    try {
      await rmdir(path.join(root, ...steps.slice(0, depth)));
    } catch (error) {
      if (!isMissing(error)) return;
    }
  }
}

async function removeOlder(file: string, before: number): Promise<boolean> {
  const found = await lstat(file).catch(unlessMissing);
  if (found === undefined || found.mtimeMs >= before) return false;
  await unlink(file).catch(unlessMissing);
  return true;
}

/** Without it the new name may be lost in a power cut, though the content is not. */
async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r');
  await handle.sync();
}

function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

function unlessMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
  return undefined;
}

function noneIfMissing(error: unknown): readonly never[] {
  unlessMissing(error);
  return [];
}

interface Place {
  readonly vault: string;
  readonly where: string;
  readonly path: string;
}

function refusal(error: unknown, place: Place): unknown {
  if (error instanceof ContentError) return error.cause;
  const cause = codeOf(error);
  if (cause === 'ENOENT') return errors.VAULT_ENTRY_MISSING(place, { cause: error });
  if (cause === 'ENOSPC' || cause === 'EDQUOT') return errors.VAULT_FULL(place, { cause: error });
  const isStrange = error instanceof StrangeEntry || cause === 'ELOOP';
  if (isStrange) return errors.VAULT_UNUSABLE({ ...place, cause: `${place.path} is a link or no file` });
  // What the system refused has such a code; the rest is ours and passes as it is.
  return /^E[A-Z]+$/.test(cause) ? errors.VAULT_UNUSABLE({ ...place, cause }, { cause: error }) : error;
}
