import { constants, type FileHandle, lstat, open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../../kernel/errors.ts';
import type { LogPiece, LogPlace } from '../../kernel/host.ts';

/** More than any program keeps of old logs beside the current one. */
const SIBLINGS_MAX = 1_000;
const NEWLINE = 0x0a;

interface Opened {
  readonly handle: FileHandle;
  readonly file: string;
  readonly size: number;
}

/** See `HostLook.readLog`. */
export async function readLog(file: string, from: LogPlace | undefined, bytesMax: number): Promise<LogPiece> {
  const opened = await openLog(file);
  if ('problem' in opened) return opened;
  await using handle = opened.handle;
  if (from === undefined) return nothingNew(opened);
  if (opened.file === from.file) {
    // Shorter than it was: somebody emptied it and it begins anew.
    return readFrom({ ...opened, handle }, opened.size < from.offset ? 0 : from.offset, bytesMax);
  }
  const older = await restOfRenamed(file, from, bytesMax);
  const newer = await readFrom({ ...opened, handle }, 0, bytesMax - older.bytes.length);
  return {
    place: newer.place,
    bytes: Buffer.concat([older.bytes, newer.bytes]),
    skippedBytes: older.skippedBytes + newer.skippedBytes,
  };
}

/** Neither a link, which could be pointed at a file of ours, nor a pipe, which could keep us waiting. */
async function openLog(file: string): Promise<Opened | { readonly problem: string }> {
  try {
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    const found = await handle.stat();
    if (found.isFile()) return { handle, file: `${found.dev}:${found.ino}`, size: found.size };
    await handle.close();
    return { problem: 'not a file' };
  } catch (error) {
    const code = codeOf(error);
    return { problem: code === 'ENOENT' ? 'missing' : code === 'ELOOP' ? 'link' : code };
  }
}

function nothingNew({ file, size }: Opened): Extract<LogPiece, { place: LogPlace }> {
  return { place: { file, offset: size }, bytes: new Uint8Array(), skippedBytes: 0 };
}

async function readFrom({ handle, file, size }: Opened, offset: number, bytesMax: number) {
  const start = Math.max(offset, size - bytesMax);
  const read = await readFully(handle, start, size - start);
  // What was skipped ended in the middle of a line, and what comes last may not be finished yet.
  const begin = start > offset ? read.indexOf(NEWLINE) + 1 : 0;
  const isOneLongLine = read.length === bytesMax && read.indexOf(NEWLINE) === -1;
  const end = isOneLongLine ? read.length : read.lastIndexOf(NEWLINE) + 1;
  return {
    place: { file, offset: start + end },
    bytes: isOneLongLine ? read.subarray(0, 0) : read.subarray(begin, end),
    skippedBytes: start - offset + (isOneLongLine ? read.length : begin),
  };
}

async function readFully(handle: FileHandle, start: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

/** Rotation renames the file within its folder; what was written into it last would be lost otherwise. */
async function restOfRenamed(file: string, from: LogPlace, bytesMax: number) {
  const nothing = { bytes: Buffer.alloc(0), skippedBytes: 0 };
  const renamed = await findByIdentity(path.dirname(file), path.parse(file).name, from.file);
  if (renamed === undefined) return nothing;
  const opened = await openLog(renamed);
  if ('problem' in opened) return nothing;
  await using handle = opened.handle;
  return opened.file === from.file ? readFrom({ ...opened, handle }, from.offset, bytesMax) : nothing;
}

async function findByIdentity(folder: string, stem: string, identity: string): Promise<string | undefined> {
  const names = (await readdir(folder)).filter((name) => name.startsWith(stem)).slice(0, SIBLINGS_MAX);
  for (const name of names) {
    const candidate = path.join(folder, name);
    const found = await lstat(candidate).catch(() => undefined);
    if (found !== undefined && `${found.dev}:${found.ino}` === identity) return candidate;
  }
  return undefined;
}
