import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Secret } from '../src/kernel/secret.ts';
import type { Database } from '../src/platform/sql/database.ts';
import { openPostgres } from '../src/platform/sql/postgres.ts';
import { openSqlite } from '../src/platform/sql/sqlite.ts';
import { systemClock } from '../src/platform/system-clock.ts';
import { freshDatabase, startPostgres } from '../test/support/servers/postgres.ts';
import { silentLog } from '../test/support/silent-log.ts';

const now = () => systemClock.now();

/** A real server that writes through to the disk at every commit, as in production; it ends with `ending`. */
export async function benchPostgres(ending: AsyncDisposableStack): Promise<{ db: Database; url: string }> {
  const server = await startPostgres({ after: (end) => ending.defer(end) }, { fsync: true });
  const url = await freshDatabase(server);
  const opened = await openPostgres({ url: new Secret(url, 'benchmark'), log: silentLog, now });
  return { db: ending.adopt(opened, (open) => open.close()), url };
}

/** A file of its own, as Evenkeel opens it; it is removed with `ending`. */
export function benchSqlite(ending: AsyncDisposableStack): { db: Database; file: string } {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-bench-'));
  ending.defer(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'evenkeel.db');
  return { db: ending.adopt(openSqlite({ path: file, now }), (open) => open.close()), file };
}
