import type { Readable } from 'node:stream';
import type { Secret } from '../../kernel/secret.ts';
import type { EngineIo, RestoredDatabase, RestoreTarget } from '../engine.ts';
import { errors } from '../engine-errors.ts';
import type { DumpFacts } from '../format/backup-manifest.ts';
import { asTarget } from '../unusable-place.ts';
import { postgresAddressOf, printAddress } from './address.ts';
import { connect } from './connection.ts';
import { contentsOf, loadable } from './contents.ts';
import { load } from './load.ts';
import { majorIn, type PostgresProgram, postgresProgram } from './programs.ts';
import { restoreBeside } from './restore-beside.ts';
import { restoredDatabase } from './restored-database.ts';
import { startScratchServer } from './scratch-server.ts';

export async function restorePostgres(
  dump: Readable,
  into: RestoreTarget,
  facts: DumpFacts,
  io: EngineIo,
): Promise<RestoredDatabase> {
  try {
    const tool = await postgresProgram('pg_restore', { major: majorIn(facts.tool), purpose: 'a restore' }, io);
    if (into.kind === 'scratch') return await intoScratch(dump, tool, facts, io);
    if (into.kind === 'beside') return await restoreBeside(dump, tool, into, io);
    return await at(dump, tool, into.url, io);
  } catch (error) {
    dump.destroy();
    throw error;
  }
}

/** Loaded as another user of the machine, by a role that owns this one database and is nobody's superior. */
async function intoScratch(
  dump: Readable,
  tool: PostgresProgram,
  facts: DumpFacts,
  io: EngineIo,
): Promise<RestoredDatabase> {
  await using stack = new AsyncDisposableStack();
  const contents = await contentsOf(dump, { tool, user: 'nobody' }, io);
  const options = { major: majorIn(facts.server), extensions: facts.extensions };
  const { target, schemas, server } = stack.use(await startScratchServer(options, io));
  const where = `a scratch database of ${server}`;
  const list = loadable(contents.lines, schemas);
  await load(contents.dump, { tool, target, where, user: 'nobody', args: [], list }, io);
  const held = stack.move();
  return restoredDatabase({ target, where, close: () => held.disposeAsync() }, io);
}

const OBJECTS = `
  select count(*) as objects
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
    and n.nspname <> 'information_schema' and n.nspname not like 'pg\\_%'`;

/** In one transaction, so that nothing is left in somebody's database when it fails. Roles may be others here. */
async function at(dump: Readable, tool: PostgresProgram, url: Secret, io: EngineIo): Promise<RestoredDatabase> {
  const target = postgresAddressOf(url, asTarget);
  const where = printAddress(target);
  {
    await using connection = await connect(target, io.signal, asTarget);
    const [row] = await connection.query(OBJECTS);
    const count = Number(row?.['objects']);
    if (count > 0) throw errors.BACKUP_TARGET_NOT_EMPTY({ where, count });
  }
  const args = ['--single-transaction', '--no-privileges', '--no-subscriptions'];
  await load(dump, { tool, target, where, user: 'us', args }, io);
  return restoredDatabase({ target, where, close: async () => undefined }, io);
}
