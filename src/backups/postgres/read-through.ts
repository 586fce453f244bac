import type { Readable } from 'node:stream';
import type { EngineIo } from '../engine.ts';
import { errors } from '../engine-errors.ts';
import { complaintOf } from './complaint.ts';
import { feed } from './feed.ts';
import { postgresProgram } from './programs.ts';

/** Writes the SQL it would run into nothing: that takes reading and unpacking every table. `--list` would not. */
export async function readThrough(dump: Readable, io: EngineIo): Promise<void> {
  const tool = await postgresProgram('pg_restore', { major: 0, purpose: 'reading a backup to its end' }, io);
  const args = ['--file=/dev/null'];
  const program = io.exec.run({ program: tool.file, args, user: 'nobody', signal: io.signal });
  const end = await feed(dump, program);
  io.signal.throwIfAborted();
  if (end.code !== 0) throw errors.BACKUP_DUMP_UNREADABLE({ tool: 'pg_restore', cause: complaintOf(end) });
}
