import type { Kysely } from 'kysely';
import type { EventName, EventPayload } from './events.ts';

export type Engine = 'sqlite' | 'postgres';

/** Reading only: the type keeps an area from writing where it could not announce it. */
export type Reads<Tables> = Pick<Kysely<Tables>, 'selectFrom' | 'selectNoFrom' | 'with' | 'fn' | 'getExecutor'>;

/**
 * One database on two engines. Queries are Kysely over an area's own tables, in the subset both engines share:
 * text, integers (times as epoch milliseconds, booleans as 0/1) and `on conflict`.
 */
export interface Db {
  readonly engine: Engine;
  /** Reads what is committed. Inside one's own `tx` this is an error: use the `tx`. */
  of<Tables>(): Reads<Tables>;
  /** A unit of work that announces itself with `tx.emit`. Nothing but `tx.*` may be awaited inside. */
  tx<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result>;
  /** A unit of work nobody needs to hear of; `reason` says why, for the reader and for the linter. */
  quiet<Result>(reason: string, work: (tx: Tx) => Promise<Result>): Promise<Result>;
  /**
   * Like `quiet`, without waiting for the disk: a power cut may take what was written in the last moments, a death of
   * this process never. For what nobody was told is stored.
   */
  soon<Result>(reason: string, work: (tx: Tx) => Promise<Result>): Promise<Result>;
}

/** Rows and the events about them are committed together or not at all. */
export interface Tx {
  readonly engine: Engine;
  of<Tables>(): Kysely<Tables>;
  emit<Name extends EventName>(name: Name, payload: EventPayload<Name>): Promise<void>;
  /**
   * Appends many rows with one prepared statement; for the few tables that take thousands of rows a second.
   * `rows` are in the order of `columns`; a row whose primary key exists already is skipped.
   */
  append(table: string, columns: readonly string[], rows: readonly SqlRow[]): Promise<void>;
}

export type SqlValue = string | number | null;
export type SqlRow = readonly SqlValue[];

/**
 * A step of the schema, named `<area>/<date>-<name>`. Statements are portable SQL, or given per engine where the
 * engines differ. Every step can be undone: a deploy that cannot take its schema back cannot be taken back.
 */
export interface Migration {
  readonly id: `${string}/${string}`;
  readonly up: Statements;
  readonly down: Statements;
}

export type Statements = readonly string[] | Readonly<Record<Engine, readonly string[]>>;
