import type { Duplex } from 'node:stream';
import { roughly } from '../expectations/show.ts';
import type { Learned } from './conversation.ts';
import { bodyOf, type Row } from './first-row.ts';
import { type Greeting, logIn } from './mysql-login.ts';
import type { Packets } from './mysql-packets.ts';
import { firstRowOf } from './mysql-query.ts';
import { type Asker, MysqlRefusal } from './mysql-refusals.ts';

export interface MysqlQuestion {
  /** What is asked, for people. */
  readonly where: string;
  readonly asker: Asker;
  readonly query: string;
  /** The query ends on the server after so long, too. */
  readonly timeoutMs: number;
  /** How far a replica may be behind; undefined where nobody asks. */
  readonly lagMaxMs: number | undefined;
  readonly ticks: () => number;
}

type Ask = (sql: string) => Promise<Row | undefined>;

const SYNTAX = 1064;
const VARIABLE_UNKNOWN = 1193;
const RIGHTS: ReadonlySet<number> = new Set([1142, 1227]);

/** Logs in, runs the query where nothing can be changed, and looks at the server. Throws a `Complaint`. */
export async function askMysql(
  socket: Duplex,
  { where, asker, query, timeoutMs, lagMaxMs, ticks }: MysqlQuestion,
  greeting?: Greeting,
): Promise<Learned> {
  const packets = await logIn(socket, asker, greeting);
  const ask: Ask = (sql) => firstRowOf(packets, sql, asker);
  await ask('set session transaction read only');
  await limit(ask, timeoutMs);
  const body = bodyOf(await ask(query));
  const answeredAt = ticks();
  const pool = await poolOf(ask);
  const replica =
    lagMaxMs === undefined
      ? { warnings: [], readings: {} }
      : await replicaOf(ask, { where, user: asker.user, lagMaxMs });
  quit(packets);
  return { body, answeredAt, warnings: replica.warnings, readings: { ...pool, ...replica.readings } };
}

/** MySQL and MariaDB each have a variable of their own. */
async function limit(ask: Ask, timeoutMs: number): Promise<void> {
  const seconds = Math.max(0.1, timeoutMs / 1000).toFixed(3);
  if (await isDone(ask, `set session max_statement_time = ${seconds}`, VARIABLE_UNKNOWN)) return;
  await isDone(ask, `set session max_execution_time = ${Math.ceil(timeoutMs)}`, VARIABLE_UNKNOWN);
}

async function isDone(ask: Ask, sql: string, refusable: number): Promise<boolean> {
  try {
    await ask(sql);
    return true;
  } catch (error) {
    if (error instanceof MysqlRefusal && error.number === refusable) return false;
    throw error;
  }
}

/** Anybody may read these; where they are kept back all the same, the reading is missing and nothing else. */
async function poolOf(ask: Ask): Promise<Readonly<Record<string, number>>> {
  try {
    const connected = await ask(`show global status like 'Threads_connected'`);
    const most = await ask('select @@global.max_connections');
    const used = Number(connected?.[1]?.[1]) / Number(most?.[0]?.[1]);
    return used >= 0 && used <= 1 ? { db_pool: used } : {};
  } catch (error) {
    if (error instanceof MysqlRefusal) return {};
    throw error;
  }
}

interface Replica {
  readonly where: string;
  readonly user: string;
  readonly lagMaxMs: number;
}

async function replicaOf(
  ask: Ask,
  { where, user, lagMaxMs }: Replica,
): Promise<Pick<Learned, 'warnings' | 'readings'>> {
  let row: Row | undefined;
  try {
    row = await replicaStatus(ask);
  } catch (error) {
    if (!(error instanceof MysqlRefusal) || !RIGHTS.has(error.number)) throw error;
    const grant = 'grant REPLICATION CLIENT, in MariaDB REPLICA MONITOR';
    return { warnings: [`User ${user} may not see how far ${where} is behind: ${grant}.`] };
  }
  if (row === undefined) return { warnings: [`${where} replicates from nobody, but \`lag_max\` is set for it.`] };
  const behind = row.find(([name]) => /^Seconds_Behind_(?:Master|Source)$/.test(name))?.[1];
  if (typeof behind !== 'number') return { warnings: [`The replication of ${where} does not run.`] };
  const lag = behind * 1000;
  const warnings = lag > lagMaxMs ? [`${where} is ${roughly(lag)} behind, more than ${roughly(lagMaxMs)}.`] : [];
  return { warnings, readings: { lag } };
}

/** Servers before MySQL 8.0.22 and MariaDB 10.5 know the older words only. */
async function replicaStatus(ask: Ask): Promise<Row | undefined> {
  try {
    return await ask('show replica status');
  } catch (error) {
    if (error instanceof MysqlRefusal && error.number === SYNTAX) return ask('show slave status');
    throw error;
  }
}

/** Otherwise the server counts the connection as broken off. */
function quit(packets: Packets): void {
  packets.restart();
  packets.send(Buffer.from([1]));
}
