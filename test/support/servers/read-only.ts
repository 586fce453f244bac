import { Client } from 'pg';

/**
 * Makes a database refuse writes, or accept them again. Sessions keep what they began with: those that may write are
 * ended, and those that may not are left as they are, like after a switch to another server.
 */
export async function setReadOnly(databaseUrl: string, isReadOnly: boolean): Promise<void> {
  const server = new URL(databaseUrl);
  const name = server.pathname.slice(1);
  server.pathname = '/postgres';
  const client = new Client({ connectionString: server.href });
  await client.connect();
  try {
    await client.query(`alter database ${name} set default_transaction_read_only = ${isReadOnly ? 'on' : 'off'}`);
    if (!isReadOnly) return;
    await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
  } finally {
    await client.end();
  }
}
