import { randomUUID } from 'node:crypto';
import type { Stats } from 'node:fs';
import { constants, type FileHandle, mkdir, open, readdir, realpath, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../kernel/errors.ts';
import type { Files } from '../kernel/files.ts';
import { errors } from './file-errors.ts';

/** Like any text file in a repository: the group and others read as the umask allows. */
const FILE_MODE = 0o666;

export const diskFiles: Files = {
  async read(file, { bytesMax }) {
    try {
      await using handle = await openToRead(file);
      return decode(await readWithin(handle, file, bytesMax));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw refusal(error, file, 'read');
    }
  },

  async list(folder) {
    try {
      return (await readdir(folder)).toSorted();
    } catch (error) {
      if (isMissing(error)) return [];
      throw refusal(error, folder, 'listed');
    }
  },

  async create(file, text) {
    try {
      await mkdir(path.dirname(file), { recursive: true });
      await writeDurably(file, text, FILE_MODE);
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw refusal(error, file, 'created');
    }
  },

  async replace(file, text) {
    try {
      await mkdir(path.dirname(file), { recursive: true });
      await replaceWhole(await targetOf(file), text);
    } catch (error) {
      throw refusal(error, file, 'replaced');
    }
  },

  async remove(file) {
    try {
      await rm(file, { force: true });
      await syncFolder(path.dirname(file));
    } catch (error) {
      if (isMissing(error)) return;
      throw refusal(error, file, 'removed');
    }
  },
};

/**
 * Pipes, terminals and devices may keep a reader waiting for ever, and a folder we look through may link to one: they
 * are opened without waiting, and refused. A folder is left to the read that follows, which the system refuses.
 */
async function openToRead(file: string): Promise<FileHandle> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  const found = await handle.stat();
  if (found.isFile() || found.isDirectory()) return handle;
  await handle.close();
  throw errors.FILE_UNUSABLE({ path: file, done: 'read', cause: 'it is not a regular file' });
}

/** Reads one byte more than allowed, so that a file that grows meanwhile cannot slip through either. */
async function readWithin(handle: FileHandle, file: string, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of handle.createReadStream({ end: bytesMax, autoClose: false })) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    length += bytes.length;
  }
  if (length > bytesMax) throw errors.FILE_TOO_LONG({ path: file, bytesMax });
  return Buffer.concat(chunks);
}

/** The mark at the start that some editors write is not part of the text. */
function decode(bytes: Buffer): string {
  return new TextDecoder('utf-8').decode(bytes);
}

/** A link keeps being one: its target is replaced. */
async function targetOf(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch (error) {
    if (isMissing(error)) return file;
    throw error;
  }
}

/** Beside the target, because only within one file system does a rename swap the two at once. */
async function replaceWhole(file: string, text: string): Promise<void> {
  const folder = path.dirname(file);
  const fresh = path.join(folder, `.${path.basename(file)}.${randomUUID()}.tmp`);
  try {
    const before = await statusOf(file);
    await writeDurably(fresh, text, before?.mode ?? FILE_MODE);
    if (before !== undefined) await giveTo(fresh, before);
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

async function statusOf(file: string): Promise<Stats | undefined> {
  try {
    await using handle = await open(file, 'r');
    return await handle.stat();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** What root replaces must not be lost to whom it belongs: a private file could not be read by its own server. */
async function giveTo(file: string, { uid, gid, mode }: Stats): Promise<void> {
  await using handle = await open(file, 'r');
  const fresh = await handle.stat();
  if (fresh.uid === uid && fresh.gid === gid) return;
  try {
    await handle.chown(uid, gid);
    // To change the owner takes marks from the mode.
    await handle.chmod(mode & 0o7777);
  } catch (error) {
    // Only root may give files away; whoever else may write here owns what is written.
    if (codeOf(error) !== 'EPERM') throw error;
  }
}

/** Fails with EEXIST rather than write into something that is there. */
async function writeDurably(file: string, text: string, mode: number): Promise<void> {
  await using handle = await open(file, 'wx', mode);
  // The umask may have taken from a mode that is copied; a new file keeps what it left.
  if (mode !== FILE_MODE) await handle.chmod(mode & 0o7777);
  await handle.writeFile(text);
  await handle.sync();
}

/** Without it the new name may be lost in a power cut, though the content is not. */
async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r');
  await handle.sync();
}

function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(codeOf(error));
}

function refusal(error: unknown, file: string, done: string): unknown {
  const cause = codeOf(error);
  // What the system refused has a code like EACCES, and a path it is never asked for, one with a zero byte in it, has
  // a code of Node's; the rest is ours and passes as it is.
  return /^E[A-Z]+$|^ERR_INVALID_ARG_VALUE$/.test(cause)
    ? errors.FILE_UNUSABLE({ path: file, done, cause }, { cause: error })
    : error;
}
