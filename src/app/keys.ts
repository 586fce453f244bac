import { lstat, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { KEY_FILES, type KeyFile, keysSection, makeKeys, type PublicHalf, publicHalfOf } from '../backups/index.ts';
import type { KeyFacts, KeysReport, OfflineKeys } from '../faces/cli/offline-keys.ts';
import type { Clock } from '../kernel/clock.ts';
import { codeOf } from '../kernel/errors.ts';
import { Secret } from '../kernel/secret.ts';
import { errors } from './key-errors.ts';

type Halves = Partial<Record<KeyFile, PublicHalf>>;

/** The keys of backups, in files that only this user can read. */
export function createOfflineKeys(clock: Clock): OfflineKeys {
  return {
    async createKeys({ folder, isDryRun }) {
      await refuseExisting(folder);
      if (isDryRun) return { folder, keys: KEY_FILES.map((key) => ({ ...key, publicKey: null })), manifest: null };
      const { texts, publicHalves } = await makeKeys(clock.now());
      await writeAll(folder, texts);
      return reportOf(folder, publicHalves);
    },

    async showKeys({ folder }) {
      const halves: Halves = {};
      for (const { file } of KEY_FILES) {
        const text = await readIfThere(path.join(folder, file));
        if (text !== undefined) halves[file] = await publicHalfOf(file, text);
      }
      if (Object.keys(halves).length === 0) throw errors.KEYS_MISSING({ folder });
      return reportOf(folder, halves);
    },
  };
}

function reportOf(folder: string, halves: Halves): KeysReport {
  const keys = KEY_FILES.flatMap((key): readonly KeyFacts[] => {
    const half = halves[key.file];
    return half === undefined ? [] : [{ ...key, ...half }];
  });
  return { folder, keys, manifest: isWhole(halves) ? keysSection(halves) : null };
}

/** Once the offline key has been taken away, as it should be, the section cannot be written from what is left. */
function isWhole(halves: Halves): halves is Record<KeyFile, PublicHalf> {
  return KEY_FILES.every(({ file }) => halves[file] !== undefined);
}

async function refuseExisting(folder: string): Promise<void> {
  for (const { file } of KEY_FILES)
    if (await isThere(path.join(folder, file))) throw errors.KEYS_EXIST({ folder, file });
}

/** All of them or none: a key that has lost the others would look as if it were in use. */
async function writeAll(folder: string, texts: Readonly<Record<KeyFile, Secret>>): Promise<void> {
  await attempt(folder, 'made', () => mkdir(folder, { recursive: true, mode: 0o700 }));
  const written: string[] = [];
  try {
    for (const { file } of KEY_FILES) {
      const place = path.join(folder, file);
      await attempt(place, 'written', () => writeNew(place, texts[file], () => written.push(place)));
    }
    await attempt(folder, 'written', () => ignoreAll(folder));
    await attempt(folder, 'written', () => sync(folder));
  } catch (error) {
    for (const place of written) await rm(place, { force: true });
    const cause = error instanceof Error ? codeOf(error.cause) : '';
    throw cause === 'EEXIST' ? errors.KEYS_EXIST({ folder, file: 'key' }) : error;
  }
}

/** Fails rather than write into something that is there. */
async function writeNew(place: string, text: Secret, isOurs: () => void): Promise<void> {
  await using handle = await open(place, 'wx', 0o600);
  isOurs();
  await handle.writeFile(text.reveal());
  await handle.sync();
}

/** Keys made in the folder of a project must not end in its repository. */
async function ignoreAll(folder: string): Promise<void> {
  await writeFile(path.join(folder, '.gitignore'), '*\n', { flag: 'wx' }).catch((error: unknown) => {
    if (codeOf(error) !== 'EEXIST') throw error;
  });
}

/** Without it the names may be lost in a power cut, though the contents are not. */
async function sync(folder: string): Promise<void> {
  await using handle = await open(folder, 'r');
  await handle.sync();
}

async function isThere(place: string): Promise<boolean> {
  const found = await attempt(place, 'looked at', () => lstat(place).catch(ignoreMissing));
  return found !== undefined;
}

async function readIfThere(place: string): Promise<Secret | undefined> {
  const text = await attempt(place, 'read', () => readFile(place, 'utf8').catch(ignoreMissing));
  return text === undefined ? undefined : new Secret(text, place);
}

function ignoreMissing(error: unknown): undefined {
  if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return undefined;
  throw error;
}

async function attempt<Result>(place: string, done: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    throw errors.KEY_FILE_UNUSABLE({ path: place, done, cause: codeOf(cause) }, { cause });
  }
}
