import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { Client } from 'pg';
import type { EngineIo, RestoredDatabase, Source } from '../../src/backups/engine.ts';
import { postgres } from '../../src/backups/engines/postgres.ts';
import type { DumpFacts } from '../../src/backups/format/backup-manifest.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { freshDatabase, type PostgresServer } from './servers/postgres.ts';

/** Would do harm unescaped in a file of passwords, and in an address. */
export const PASSWORD = 'se:cret\\%w/rd';

export interface TestDatabase {
  readonly source: Source;
  query(sql: string, values?: readonly unknown[]): Promise<readonly Record<string, never>[]>;
}

export async function database(t: TestContext, on: PostgresServer, sql: string): Promise<TestDatabase> {
  const url = await freshDatabase(on);
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  t.after(() => client.end().catch(() => undefined));
  await client.query(sql);
  return {
    source: { service: 'db', url: new Secret(url, '${DATABASE_URL}') },
    query: async (text, values) => (await client.query(text, values === undefined ? undefined : [...values])).rows,
  };
}

/** Wide enough that a dump of many does not fit into the pipes on its way. */
export function filled(table: string, rows: number): string {
  return `create table ${table} as select i as id, repeat('x', 80) as filler from generate_series(1, ${rows}) i`;
}

export async function dumped(
  source: Source,
  io: EngineIo,
): Promise<{ readonly bytes: Buffer; readonly facts: DumpFacts }> {
  const dump = await postgres.dump(source, io);
  const bytes = await buffer(dump.stream);
  return { bytes, facts: await dump.finished };
}

export function restoredFrom(bytes: Buffer, facts: DumpFacts, io: EngineIo): Promise<RestoredDatabase> {
  return postgres.restore(streamOf(bytes), { kind: 'scratch' }, facts, io);
}

/** In pieces, as it comes from a file or from a network. */
export function streamOf(bytes: Buffer): Readable {
  const size = 65_536;
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
    bytes.subarray(n * size, (n + 1) * size),
  );
  return Readable.from(pieces);
}
