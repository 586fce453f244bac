import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { memoryDatabase } from '../../../test/support/databases.ts';
import { FakeClock } from '../../../test/support/fake-clock.ts';
import { recordingLog, silentLog } from '../../../test/support/silent-log.ts';
import type { Db, SqlRow, Tx } from '../../contracts/database.ts';
import { createResultWriter } from './result-writer.ts';

const result = (at: number) => ({ at, outcome: 'up', latencyMs: 1.5, reason: null }) as const;

test('gathers what comes in and writes it in one transaction', async (t) => {
  const clock = new FakeClock();
  const { db, transactions } = await recordingDb(t);
  const writer = createResultWriter({ db, clock, log: silentLog });

  for (let at = 0; at < 100; at += 1) writer.write(1, result(at));
  await clock.advance(250);

  assert.deepEqual(
    transactions.map((rows) => rows.length),
    [100],
  );
});

test('loses nothing and keeps the order when the database is away for a while', async (t) => {
  const clock = new FakeClock();
  const log = recordingLog();
  const { db, transactions, failNext } = await recordingDb(t);
  const writer = createResultWriter({ db, clock, log });
  failNext(3);

  for (let at = 0; at < 5; at += 1) {
    writer.write(1, result(at));
    await clock.advance(1_000);
  }
  await clock.advance(5_000);

  assert.deepEqual(
    transactions.flat().map(([, at]) => at),
    [0, 1, 2, 3, 4],
  );
  assert.equal(log.lines.filter(({ level }) => level === 'error').length, 3);
});

test('a flush returns only when everything written before it is stored', async (t) => {
  const { db, transactions } = await recordingDb(t);
  const writer = createResultWriter({ db, clock: new FakeClock(), log: silentLog });
  for (let at = 0; at < 12_000; at += 1) writer.write(1, result(at));

  await Promise.all([writer.flush(), writer.flush()]);

  assert.equal(transactions.flat().length, 12_000);
});

test('a flush tells its caller when the database refuses, and a later one brings the rows', async (t) => {
  const { db, transactions, failNext } = await recordingDb(t);
  const writer = createResultWriter({ db, clock: new FakeClock(), log: silentLog });
  writer.write(1, result(1));
  failNext(1);

  await assert.rejects(writer.flush(), /database is away/);
  await writer.flush();

  assert.equal(transactions.flat().length, 1);
});

test('asks a database that does not answer once at a time, however much comes in', async () => {
  const clock = new FakeClock();
  const { db, asked, answer } = silentDb();
  const writer = createResultWriter({ db, clock, log: silentLog });
  for (let at = 0; at < 100; at += 1) {
    writer.write(1, result(at));
    await clock.advance(250);
  }
  assert.equal(asked(), 1);

  for (let turn = 0; turn < 5; turn += 1) await answer();

  // One turn waited for it, and not one for each result that came in meanwhile.
  assert.equal(asked(), 2);
});

test('ends although the database is away, says how much is lost, and asks no more', async (t) => {
  const clock = new FakeClock();
  const log = recordingLog();
  const { db, transactions, failNext } = await recordingDb(t);
  const writer = createResultWriter({ db, clock, log });
  writer.write(1, result(1));
  writer.write(1, result(2));
  failNext(1);

  await writer.close();
  await clock.advance(60_000);

  assert.deepEqual(transactions, []);
  assert.deepEqual(
    log.lines.map(({ data }) => data['lost']),
    [2],
  );
});

/** A database that fails when it is told to, with the rows of each transaction that was committed. */
async function recordingDb(t: TestContext) {
  const real = await memoryDatabase(t);
  const transactions: SqlRow[][] = [];
  let failures = 0;
  const soon = async <Result>(_reason: string, work: (tx: Tx) => Promise<Result>): Promise<Result> => {
    const rows: SqlRow[] = [];
    const done = await real.quiet('a test', async (tx) => {
      const append: Tx['append'] = async (table, columns, more) => {
        if (table === 'check_result') rows.push(...more);
        await tx.append(table, columns, more);
      };
      const answer = await work({ ...tx, append });
      if (failures === 0) return answer;
      failures -= 1;
      throw new Error('database is away');
    });
    transactions.push(rows);
    return done;
  };
  const failNext = (count: number) => {
    failures = count;
  };
  return { db: { ...real, soon } satisfies Db, transactions, failNext };
}

/** Says nothing until it is told to, and then that it is away. */
function silentDb() {
  const waiting: (() => void)[] = [];
  let asked = 0;
  const soon = async (): Promise<never> => {
    asked += 1;
    await new Promise<void>((resolve) => void waiting.push(resolve));
    throw new Error('database is away');
  };
  const answer = async () => {
    for (const tell of waiting.splice(0)) tell();
    await setImmediate();
  };
  return { db: { soon } as unknown as Db, asked: () => asked, answer };
}
