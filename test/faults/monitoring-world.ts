import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { Database } from '../../src/platform/sql/database.ts';
import { eventually } from '../support/eventually.ts';
import { type Served, startServe, temporaryFolder } from '../support/serve-process.ts';
import { openAt } from './kill-database.ts';
import { historyOf } from './monitoring-evidence.ts';
import { type ShardTarget, startTarget } from './shard-target.ts';

/** A real server that watches sites which the test can break. */
export interface World {
  readonly target: ShardTarget;
  readonly served: Served;
  /** The same database, past any proxy, and read-only or not. */
  readonly db: Database;
  /** Another process in the same place. */
  restart(): Promise<Served>;
}

export interface WorldSettings {
  readonly sites: readonly string[];
  /** SQLite in the folder without it. */
  readonly databaseUrl?: string;
  /** How the server reaches its database, where that is another way than ours. */
  readonly databaseWay?: string;
  readonly siteAnswersAfterMs?: number;
  /** Further lines of `monitors:`. */
  readonly more?: readonly string[];
}

export const EVERY_MS = 2_000;
/** A single failure counts, so that not even one can be false. */
export const TIMING = 'every: 2s, timeout: 1500ms, confirm: { down: 1, up: 1 }';

export function siteNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `site-${index}`);
}

/** Resolves when every site is known to be up. */
export async function startWorld(t: TestContext, settings: WorldSettings): Promise<World> {
  const { sites, databaseUrl, databaseWay = databaseUrl, siteAnswersAfterMs, more = [] } = settings;
  const target = await startTarget(t, siteAnswersAfterMs);
  const folder = temporaryFolder(t);
  const lines = sites.map((name) => `  ${name}: { http: "http://127.0.0.1:${target.port}/${name}", ${TIMING} }`);
  writeFileSync(path.join(folder, 'evenkeel.yaml'), ['app: shop', 'monitors:', ...lines, ...more, ''].join('\n'));
  const env = databaseWay === undefined ? {} : { EVENKEEL_DATABASE_URL: databaseWay };
  const start = () => startServe(t, { folder, env });

  const served = await start();
  const db = await openAt(databaseUrl ?? path.join(folder, '.evenkeel/evenkeel.db'));
  t.after(() => db.close());
  await eventually(async () => {
    const history = await historyOf(db);
    const waiting = sites.filter((name) => history.get(name)?.at(-1)?.state !== 'up');
    if (waiting.length > 0) throw new Error(`Not up yet: ${waiting.join(', ')}\n${served.output()}`);
  });
  return { target, served, db, restart: start };
}
