import { once } from 'node:events';
import { access, constants, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { sql } from 'kysely';
import type { DatabaseFacts, HostFacts } from '../faces/cli/context.ts';
import { codeOf, messageOf } from '../kernel/errors.ts';
import { createLog } from '../platform/log/pino-log.ts';
import { listSteps } from '../platform/sql/migrate.ts';
import { systemClock } from '../platform/system-clock.ts';
import { type Config, readConfig, type Variables } from './config.ts';
import { isAnswered, socketPath } from './data-folder.ts';
import { migrations } from './migrations.ts';
import { databaseFile, databaseName, openDatabase } from './open-database.ts';

/** Questions about this machine, for `doctor`. None of them changes anything. */
export function createHostFacts({ folder, variables }: { folder: string; variables: Variables }): HostFacts {
  const config = () => readConfig(variables, folder);
  return {
    nodeNeeded: '26.0.0',
    get publicUrl() {
      return config().publicUrl ?? undefined;
    },
    dataFolder: () => lookAtFolder(config().dataDir),
    port: () => lookAtPort(config()),
    database: () => lookAtDatabase(config()),
  };
}

async function lookAtFolder(dataDir: string) {
  const existing = await nearestExisting(dataDir);
  const { bavail, bsize } = await statfs(existing);
  const cause = await access(existing, constants.W_OK).then(() => null, codeOf);
  return { path: dataDir, freeBytes: bavail * bsize, cause };
}

/** The folder is made at the first start; until then it is the one above that matters. */
async function nearestExisting(folder: string): Promise<string> {
  const isThere = await access(folder).then(
    () => true,
    () => false,
  );
  return isThere || folder === path.dirname(folder) ? folder : nearestExisting(path.dirname(folder));
}

async function lookAtPort({ host, port, dataDir }: Config) {
  const address = `${host}:${port}`;
  const probe = createServer();
  try {
    probe.listen(port, host);
    await once(probe, 'listening');
    return { address, holder: 'nobody' } as const;
  } catch {
    return { address, holder: (await isAnswered(socketPath(dataDir))) ? 'evenkeel' : 'another' } as const;
  } finally {
    probe.close();
  }
}

async function lookAtDatabase(config: Config): Promise<DatabaseFacts> {
  const facts = { engine: config.databaseUrl === null ? 'sqlite' : 'postgres', where: databaseName(config) } as const;
  const isNew =
    facts.engine === 'sqlite' &&
    !(await access(databaseFile(config)).then(
      () => true,
      () => false,
    ));
  if (isNew) return { ...facts, cause: null, pendingSteps: migrations.length, now: null };
  try {
    const log = createLog({ level: 'error', format: 'text', write: () => undefined });
    const db = await openDatabase(config, { clock: systemClock, log });
    try {
      const steps = await listSteps(db, migrations);
      const pendingSteps = steps.filter(({ isApplied }) => !isApplied).length;
      return { ...facts, cause: null, pendingSteps, now: db.engine === 'postgres' ? await timeOf(db) : null };
    } finally {
      await db.close();
    }
  } catch (error) {
    return { ...facts, cause: messageOf(error), pendingSteps: 0, now: null };
  }
}

async function timeOf(db: Awaited<ReturnType<typeof openDatabase>>): Promise<number | null> {
  const query = sql<{ now: number }>`select (extract(epoch from clock_timestamp()) * 1000)::bigint as now`;
  return (await query.execute(db.of())).rows[0]?.now ?? null;
}
