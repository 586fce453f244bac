import path from 'node:path';
import type { ProbeResult } from '../monitoring/index.ts';
import { SqliteConnection } from '../platform/sql/sqlite-connection.ts';
import { claimProbeFolder } from './probe-folder.ts';

/** What a probe has measured and the server does not have yet. It is on the disk before anybody counts on it. */
export interface ProbeSpool {
  /** Names this memory: the server counts its numbers apart from those of any other. */
  readonly id: string;
  keep(result: Omit<ProbeResult, 'seq'>): void;
  /** The oldest ones, oldest first. */
  oldest(limit: number): readonly ProbeResult[];
  /** The server has everything up to here. */
  forget(upToSeq: number): void;
  waiting(): number;
  /** How many were given up, since the beginning, because nobody took them for too long. */
  dropped(): number;
  /** A note that outlives the process; undefined when there is none of that name. */
  note(name: string): string | undefined;
  setNote(name: string, text: string): void;
  close(): void;
}

export interface SpoolLimits {
  readonly bytesMax: number;
  readonly ageMsMax: number;
  /** How often both are looked at, in results kept. */
  readonly lookEvery: number;
}

export interface SpoolDeps {
  readonly now: () => number;
  readonly newId: () => string;
  readonly limits: SpoolLimits;
}

const SCHEMA = `
  create table if not exists result (seq integer primary key autoincrement, at integer not null, body text not null);
  create table if not exists note (name text primary key, text text not null) without rowid;
`;
/** When there is too much, so large a part of it is given up at a time. */
const GIVEN_UP_AT_ONCE = 0.1;

/** Rejects with `PROBE_ALREADY_RUNNING` when another process has it open, and `DATA_FOLDER_UNUSABLE`. */
export async function openProbeSpool(folder: string, { now, newId, limits }: SpoolDeps): Promise<ProbeSpool> {
  const release = await claimProbeFolder(folder);
  const file = new SqliteConnection(path.join(folder, 'probe.db'));
  // Killed at any instant, nothing is lost; a power cut may cost the last moments, and a check never waits for a disk.
  file.script('pragma synchronous = normal');
  file.script(SCHEMA);
  const { rows, run } = sqlOver(file);
  let untilLook = 0;
  const id = noteOf('spool') ?? newId();
  setNote('spool', id);
  giveUpOldest();

  return {
    id,
    keep({ at, ...body }) {
      run('insert into result (at, body) values (?, ?)', at, JSON.stringify(body));
      untilLook -= 1;
      if (untilLook <= 0) giveUpOldest();
    },
    oldest: (limit) => rows('select seq, at, body from result order by seq limit ?', limit).map(resultOf),
    forget: (upToSeq) => void run('delete from result where seq <= ?', upToSeq),
    waiting,
    dropped: () => Number(noteOf('dropped') ?? 0),
    note: noteOf,
    setNote,
    close() {
      file.close();
      release();
    },
  };

  function giveUpOldest(): void {
    untilLook = limits.lookEvery;
    let lost = run('delete from result where at < ?', now() - limits.ageMsMax);
    while (bytes() > limits.bytesMax) {
      const oldest = `select seq from result order by seq limit ${Math.ceil(waiting() * GIVEN_UP_AT_ONCE)}`;
      const gone = run(`delete from result where seq in (${oldest})`);
      if (gone === 0) break;
      lost += gone;
    }
    if (lost > 0) setNote('dropped', String(Number(noteOf('dropped') ?? 0) + lost));
  }

  function waiting(): number {
    return Number(rows('select count(*) as count from result')[0]?.['count'] ?? 0);
  }

  /** In use: what was deleted leaves room in the file. */
  function bytes(): number {
    return (pragma('page_count') - pragma('freelist_count')) * pragma('page_size');
  }

  function pragma(name: string): number {
    return Number(Object.values(rows(`pragma ${name}`)[0] ?? {})[0] ?? 0);
  }

  function noteOf(name: string): string | undefined {
    const text = rows('select text from note where name = ?', name)[0]?.['text'];
    return typeof text === 'string' ? text : undefined;
  }

  function setNote(name: string, text: string): void {
    run(
      'insert into note (name, text) values (?, ?) on conflict (name) do update set text = excluded.text',
      name,
      text,
    );
  }
}

function sqlOver(file: SqliteConnection) {
  return {
    rows(sql: string, ...parameters: readonly (string | number)[]): readonly Record<string, unknown>[] {
      return file.execute({ sql, parameters }).rows.map((row) => ({ ...Object(row) }));
    },
    /** How many rows it concerned. */
    run(sql: string, ...parameters: readonly (string | number)[]): number {
      return Number(file.execute({ sql, parameters }).numAffectedRows ?? 0);
    },
  };
}

function resultOf({ seq, at, body }: Record<string, unknown>): ProbeResult {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by `keep` alone
  return { seq: Number(seq), at: Number(at), ...(JSON.parse(String(body)) as Omit<ProbeResult, 'seq' | 'at'>) };
}
