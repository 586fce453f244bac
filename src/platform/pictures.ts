import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../kernel/errors.ts';
import type { Pictures } from '../kernel/pictures.ts';

const KEPT_EACH = 5;
const MEBIBYTE = 1024 * 1024;
const TOTAL_BYTES_MAX = 100 * MEBIBYTE;
const NAME = /^(?<at>\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z)\.png$/;

export interface PictureLimits {
  /** Of each monitor. */
  readonly kept?: number;
  /** Of all together; the oldest go first. */
  readonly bytesMax?: number;
}

/** A folder for each monitor, a file for each picture; only this user may read them, for they show what visitors see. */
export function createPictures(
  folder: string,
  { kept = KEPT_EACH, bytesMax = TOTAL_BYTES_MAX }: PictureLimits = {},
): Pictures {
  // One after the other, so that two that tidy up do not meet.
  let last: Promise<unknown> = Promise.resolve();

  return {
    keep(monitor, at, png) {
      const keeping = last.then(() => write(monitor, at, png));
      last = keeping.catch(() => undefined);
      return keeping;
    },
    list: async (monitor) => (await momentsIn(folderOf(monitor))).toReversed(),
    async read(monitor, at) {
      try {
        return await readFile(path.join(folderOf(monitor), nameOf(at)));
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return undefined;
        throw error;
      }
    },
  };

  async function write(monitor: string, at: number, png: Uint8Array): Promise<void> {
    const own = folderOf(monitor);
    await mkdir(own, { recursive: true, mode: 0o700 });
    const fresh = path.join(own, '.fresh');
    await rm(fresh, { force: true });
    await writeFile(fresh, png, { mode: 0o600, flag: 'wx' });
    await rename(fresh, path.join(own, nameOf(at)));
    const old = (await momentsIn(own)).slice(0, -kept);
    for (const moment of old) await rm(path.join(own, nameOf(moment)), { force: true });
    await keepWithin();
  }

  async function keepWithin(): Promise<void> {
    const files = (await Promise.all((await readdir(folder)).map((name) => filesIn(path.join(folder, name))))).flat();
    let total = files.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { file, bytes } of files.toSorted((one, other) => one.at - other.at)) {
      if (total <= bytesMax) return;
      await rm(file, { force: true });
      total -= bytes;
    }
  }

  /** Percent signs keep it one name, whatever the monitor is called; a dot at its start could lead elsewhere. */
  function folderOf(monitor: string): string {
    return path.join(folder, encodeURIComponent(monitor).replace(/^\./, '%2E'));
  }
}

async function filesIn(own: string) {
  const moments = await momentsIn(own);
  return Promise.all(
    moments.map(async (at) => {
      const file = path.join(own, nameOf(at));
      return { file, at, bytes: (await stat(file).catch(() => undefined))?.size ?? 0 };
    }),
  );
}

/** Oldest first. Whatever else lies there is none of ours. */
async function momentsIn(own: string): Promise<readonly number[]> {
  const names = await readdir(own).catch(() => []);
  return names.flatMap((name) => momentOf(name) ?? []).toSorted((one, other) => one - other);
}

/** Without colons, which some file systems do not take. */
function nameOf(at: number): string {
  return `${new Date(at).toISOString().replaceAll(':', '-')}.png`;
}

function momentOf(name: string): number | undefined {
  const { at } = NAME.exec(name)?.groups ?? {};
  const moment = at === undefined ? Number.NaN : Date.parse(at.replace(/T(\d\d)-(\d\d)-/, 'T$1:$2:'));
  return Number.isNaN(moment) ? undefined : moment;
}
