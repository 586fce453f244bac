import type { Kysely } from 'kysely';
import type { Engine, SqlRow, Tx } from '../../contracts/database.ts';
import { errors } from './errors.ts';
import { type Execute, kyselyOver } from './kysely-over.ts';
import { type OutboxEntry, toEntry } from './outbox.ts';

export interface TxConnection {
  readonly engine: Engine;
  readonly execute: Execute;
  readonly append: (table: string, columns: readonly string[], rows: readonly SqlRow[]) => Promise<void>;
  readonly now: () => number;
}

export interface OpenTx {
  readonly tx: Tx;
  /** What was emitted so far. The engine writes it together with the commit. */
  readonly emitted: readonly OutboxEntry[];
  /** From now on every use of `tx` is an error. */
  end(): void;
}

/** A `Tx` over one connection, for as long as its transaction runs. */
export function openTx({ engine, execute, append, now }: TxConnection): OpenTx {
  let isOpen = true;
  const emitted: OutboxEntry[] = [];
  const assertOpen = () => {
    if (!isOpen) throw errors.SQL_TX_ENDED({});
  };
  const builder = kyselyOver(engine, async (query) => {
    assertOpen();
    return execute(query);
  });
  const tx: Tx = {
    engine,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an area names its own tables; migrations made them
    of: <Tables>() => builder as Kysely<Tables>,
    async append(table, columns, rows) {
      assertOpen();
      assertIdentifiers(table, ...columns);
      if (rows.length > 0) await append(table, columns, rows);
    },
    async emit(name, payload) {
      assertOpen();
      emitted.push(toEntry(name, payload, now()));
    },
  };
  return {
    tx,
    emitted,
    end: () => {
      isOpen = false;
    },
  };
}

const IDENTIFIER = /^[a-z][a-z_]*$/;

/** Names come from our own code; this keeps it so. */
function assertIdentifiers(...names: readonly string[]): void {
  const wrong = names.find((name) => !IDENTIFIER.test(name));
  if (wrong !== undefined) throw new Error(`"${wrong}" is not a table or column name.`);
}
