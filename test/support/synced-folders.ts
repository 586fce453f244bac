import { readlinkSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { TestContext } from 'node:test';

/** What is handed to the disk for good from now on, by path, in order. */
export async function watchSyncs(t: TestContext): Promise<readonly string[]> {
  const synced: string[] = [];
  const handle = await open('/');
  const kind: FileHandle = Object.getPrototypeOf(handle);
  await handle.close();
  const { sync } = kind;
  t.mock.method(kind, 'sync', async function (this: FileHandle) {
    synced.push(readlinkSync(`/proc/self/fd/${this.fd}`));
    await sync.call(this);
  });
  return synced;
}
