import { type Log, reasonOf } from '../service/log.ts';
import { type Database, TABLES } from './database.ts';

const CONNECTIONS_MAX = 5;
const CONNECT_MS = 2_000;
const QUERY_MS = 2_000;

/** For more than one api process, or when there is a PostgreSQL already. */
export async function openPostgres(url: string, log: Log): Promise<Database> {
  const { Pool } = await import('pg');
  const pool = new Pool({
    connectionString: url,
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: QUERY_MS,
  });
  // A connection that breaks while idle is replaced by the next query; without a listener it would end the process.
  pool.on('error', (error) => log.warn('a database connection was lost', { reason: reasonOf(error) }));
  for (const table of TABLES) await pool.query(table);

  return {
    query: async (sql, parameters = []) => (await pool.query(sql, [...parameters])).rows,
    async transaction(work) {
      const client = await pool.connect();
      let broken: Error | undefined;
      try {
        await client.query('begin');
        const result = await work(async (sql, parameters = []) => (await client.query(sql, [...parameters])).rows);
        await client.query('commit');
        return result;
      } catch (error) {
        await client.query('rollback').catch((failure: Error) => {
          broken = failure;
        });
        throw error;
      } finally {
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
}
