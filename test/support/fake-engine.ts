import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { BackupEngine, RestoredDatabase } from '../../src/backups/engine.ts';
import type { DumpFacts } from '../../src/backups/format/backup-manifest.ts';
import { defineErrors } from '../../src/kernel/errors.ts';

const errors = defineErrors({
  BACKUP_DUMP_FAILED: { kind: 'unavailable', message: '{service} could not be read out.', hint: 'Look.' },
  BACKUP_DUMP_UNREADABLE: { kind: 'unavailable', message: 'The dump cannot be read.', hint: 'Look.' },
});

/** What the database holds, and how it behaves; a test changes it as it goes. */
export interface FakeDatabase {
  /** Name and number of rows. */
  tables: Readonly<Record<string, number>>;
  /** Bytes of the dump beside its list of tables. */
  padding: Buffer;
  /** Half of it is written, and then the program is gone. */
  dumpDies: boolean;
  /** Nothing is written, and the program ends well. */
  dumpIsEmpty: boolean;
  /** What a restore loses. */
  restoreLoses: string | null;
  /** Called when a dump begins, with the signal it is to heed. */
  onDump: (signal: AbortSignal) => Promise<void>;
  /** Called when a restore begins. */
  onRestore: () => Promise<void>;
  /** What each question is answered. */
  answers: Readonly<Record<string, string>>;
  restored: string[];
  /** What a restore beside the source finds there. */
  notes: readonly string[];
}

export function fakeDatabase(differences: Partial<FakeDatabase> = {}): FakeDatabase {
  return {
    tables: { orders: 48_000, users: 102 },
    padding: Buffer.alloc(200_000, 'row of data '),
    dumpDies: false,
    dumpIsEmpty: false,
    restoreLoses: null,
    onDump: async () => undefined,
    onRestore: async () => undefined,
    answers: {},
    restored: [],
    notes: [],
    ...differences,
  };
}

/** An engine over a database in memory: its dump is a list of tables and then some bytes. */
export function fakeEngine(database: FakeDatabase): BackupEngine {
  const facts = (): DumpFacts => ({
    server: 'Fake 1.0',
    tool: 'fake_dump 1.0',
    command: ['fake_dump'],
    database: 'shop',
    tables: Object.entries(database.tables).map(([name, rows]) => ({ name, rows })),
    extensions: [],
  });
  return {
    type: 'postgres',
    summary: 'A fake.',
    testedAgainst: 'nothing',
    contents: 'a list of tables',
    restoreCommands: () => ({ packages: [], target: 'anything', commands: ['cat "$DUMP" > "$TARGET"'] }),
    async dump({ service }, { signal }) {
      await database.onDump(signal);
      const whole = Buffer.concat([Buffer.from(`${JSON.stringify(database.tables)}\n`), database.padding]);
      const length = database.dumpIsEmpty ? 0 : database.dumpDies ? whole.length / 2 : whole.length;
      const finished = database.dumpDies
        ? Promise.reject(errors.BACKUP_DUMP_FAILED({ service }))
        : Promise.resolve(facts());
      finished.catch(() => undefined);
      return { stream: Readable.from(pieces(whole.subarray(0, length))), finished };
    },
    async readThrough(dump) {
      tablesIn(await buffer(dump));
    },
    async restore(dump, into): Promise<RestoredDatabase> {
      await database.onRestore();
      const tables = tablesIn(await buffer(dump));
      const where = into.kind === 'beside' ? `memory/${into.name}` : into.kind;
      database.restored.push(where);
      return {
        where,
        notes: into.kind === 'beside' ? database.notes : [],
        tables: async () =>
          Object.entries(tables).map(([name, rows]) => ({
            name,
            rows: name === database.restoreLoses ? rows - 1 : rows,
          })),
        async ask(query) {
          const detail = database.answers[query] ?? 'true';
          return detail === 'true' ? { outcome: 'true' } : { outcome: 'false', detail };
        },
        close: async () => undefined,
      };
    },
  };
}

function tablesIn(dump: Buffer): Record<string, number> {
  try {
    return JSON.parse(dump.subarray(0, dump.indexOf('\n')).toString());
  } catch {
    throw errors.BACKUP_DUMP_UNREADABLE({});
  }
}

function* pieces(content: Buffer): Generator<Buffer> {
  for (let at = 0; at < content.length; at += 50_000) yield content.subarray(at, at + 50_000);
}
