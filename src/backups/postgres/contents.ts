import { Readable } from 'node:stream';
import type { ProgramUser } from '../../kernel/exec.ts';
import type { EngineIo } from '../engine.ts';
import { errors } from '../engine-errors.ts';
import { outputOf } from '../program-output.ts';
import { complaintOf } from './complaint.ts';
import { offer } from './feed.ts';
import type { PostgresProgram } from './programs.ts';

export interface Contents {
  /** One line for each thing in the dump, as `pg_restore --list` writes it and `--use-list` reads it. */
  readonly lines: readonly string[];
  /** The whole dump, from its beginning. */
  readonly dump: Readable;
}

/** A dump begins with its table of contents: what was read of it to know that is handed on before the rest. */
export async function contentsOf(
  dump: Readable,
  { tool, user }: { readonly tool: PostgresProgram; readonly user: ProgramUser },
  io: EngineIo,
): Promise<Contents> {
  const lister = io.exec.run({ program: tool.file, args: ['--list'], user, signal: io.signal });
  const listing = outputOf(lister);
  const head: unknown[] = [];
  const rest = dump.iterator({ destroyOnReturn: false });
  try {
    while (lister.stdin.writable) {
      const next: IteratorResult<unknown> = await rest.next();
      if (next.done === true) break;
      head.push(next.value);
      await offer(lister.stdin, next.value);
    }
  } catch (error) {
    await lister.stop();
    throw error;
  }
  lister.stdin.end();
  const { output: list, end } = await listing;
  io.signal.throwIfAborted();
  if (end.code !== 0) throw errors.BACKUP_DUMP_UNREADABLE({ tool: 'pg_restore', cause: complaintOf(end) });
  return { lines: list.split('\n'), dump: Readable.from(wholeOf(head, dump)) };
}

async function* wholeOf(head: unknown[], dump: Readable): AsyncGenerator {
  // Forgotten as it goes: it may be several megabytes.
  for (let chunk = head.shift(); chunk !== undefined; chunk = head.shift()) yield chunk;
  yield* dump;
}

/**
 * Left out of a scratch database, because only a superuser could load it, or only where the same roles exist, and the
 * data is the same without it. A role of the scratch server would see no rows in a table that is secured by row.
 */
const LEFT_OUT = [
  'ACL',
  'COMMENT',
  'DEFAULT ACL',
  'EVENT TRIGGER',
  'POLICY',
  'PUBLICATION',
  'PUBLICATION TABLE',
  'PUBLICATION TABLES IN SCHEMA',
  'ROW SECURITY',
  'SECURITY LABEL',
  'SUBSCRIPTION',
  'SUBSCRIPTION TABLE',
  'USER MAPPING',
];
const ENTRY = /^\d+; \d+ \d+ (?<entry>.+)$/;

/** What of it a scratch database gets. `madeBefore` are schemas that are there already. */
export function loadable(lines: readonly string[], madeBefore: readonly string[]): readonly string[] {
  const unwanted = [...LEFT_OUT, ...madeBefore.map((schema) => `SCHEMA - ${schema}`)];
  return lines.filter((line) => {
    const entry = ENTRY.exec(line)?.groups?.['entry'];
    return entry !== undefined && !unwanted.some((kind) => entry.startsWith(`${kind} `));
  });
}
