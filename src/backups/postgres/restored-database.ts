import { SECOND_MS } from '../../kernel/clock.ts';
import { formatDuration } from '../../kernel/duration.ts';
import { messageOf } from '../../kernel/errors.ts';
import { answerDetail } from '../answer-detail.ts';
import type { Answer, EngineIo, RestoredDatabase } from '../engine.ts';
import { asTarget } from '../unusable-place.ts';
import type { PostgresAddress } from './address.ts';
import { connect, type Row } from './connection.ts';
import { countRows } from './row-counts.ts';
import { stateOf } from './trouble.ts';

export interface Restored {
  readonly target: PostgresAddress;
  readonly where: string;
  readonly notes?: readonly string[];
  close(): Promise<void>;
}

const READ_ONLY = 'begin isolation level repeatable read read only';
const ANSWER_CHARS_MAX = 300;
const CANCELLED = '57014';
/** The server ends a slow query by itself; one that does not even do that is left behind. */
const GRACE_MS = 5 * SECOND_MS;

/** Read by the role that loaded it, never by a superuser: it may contain functions of anybody. */
export function restoredDatabase({ target, where, notes = [], close }: Restored, io: EngineIo): RestoredDatabase {
  return {
    where,
    notes,
    async tables() {
      await using connection = await connect(target, io.signal, asTarget);
      await connection.query(READ_ONLY);
      return await countRows(connection, () => COUNT_MS_MAX);
    },
    async ask(query, timeoutMs) {
      const limit = io.clock.timeout(timeoutMs + GRACE_MS);
      try {
        return await ask(target, query, timeoutMs, AbortSignal.any([io.signal, limit]));
      } catch (error) {
        io.signal.throwIfAborted();
        const isSlow = limit.aborted || stateOf(error) === CANCELLED;
        const detail = isSlow ? `no answer within ${formatDuration(timeoutMs)}` : messageOf(error);
        return { outcome: 'false', detail: answerDetail(detail) };
      }
    },
    close,
  };
}

/** As long as a setting of PostgreSQL can be. */
const COUNT_MS_MAX = 2 ** 31 - 1;

async function ask(target: PostgresAddress, query: string, timeoutMs: number, signal: AbortSignal): Promise<Answer> {
  await using connection = await connect(target, signal, asTarget);
  await connection.query(READ_ONLY);
  await connection.query(`set local statement_timeout = ${Math.ceil(timeoutMs)}`);
  // One statement only, so that none can leave the read-only transaction.
  return answerOf(await connection.single(wrapped(query)));
}

/** So that an answer of a gigabyte, or of a million rows, stays where it is. */
function wrapped(query: string): string {
  const answer = `pg_catalog.to_json(evenkeel)::pg_catalog.text`;
  const single = query.replace(/;\s*$/, '');
  return `select pg_catalog.left(${answer}, ${ANSWER_CHARS_MAX}) as answer from (${single}\n) as evenkeel(value) limit 2`;
}

function answerOf(rows: readonly Row[]): Answer {
  const [first, second] = rows;
  if (first === undefined) return { outcome: 'false', detail: 'no row' };
  if (second !== undefined) return { outcome: 'false', detail: 'more than one row' };
  const text = String(first['answer']);
  return text === '{"value":true}' ? { outcome: 'true' } : { outcome: 'false', detail: answerDetail(shown(text)) };
}

function shown(text: string): string {
  try {
    const values: readonly unknown[] = Object.values(JSON.parse(text));
    return values.length === 1 ? JSON.stringify(values[0]) : 'more than one column';
  } catch {
    // It was cut.
    return text;
  }
}
