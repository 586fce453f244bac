import type { Readable, Writable } from 'node:stream';
import type { ProgramEnd, RunningProgram } from '../../kernel/exec.ts';

/**
 * Pours a dump into a program and waits for its end. The dump is read to its own end even when the program is content
 * earlier, because only there it turns out whether it was whole; it is given up when the program fails. Rejects with
 * the error of the dump.
 */
export async function feed(dump: Readable, program: RunningProgram): Promise<ProgramEnd> {
  let end: ProgramEnd | undefined;
  const noteEnd = async () => {
    end = await program.ended;
  };
  void noteEnd();
  program.stdout.resume();
  try {
    for await (const chunk of dump) {
      if (end !== undefined && end.code !== 0) break;
      await offer(program.stdin, chunk);
    }
  } catch (error) {
    await program.stop();
    throw error;
  }
  program.stdin.end();
  return program.ended;
}

/** Resolves when the sink takes more, or wants nothing any more. */
export async function offer(sink: Writable, chunk: unknown): Promise<void> {
  if (!sink.writable || sink.write(chunk)) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      sink.off('drain', done).off('close', done);
      resolve();
    };
    sink.on('drain', done).on('close', done);
  });
}
