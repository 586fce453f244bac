import { text } from 'node:stream/consumers';
import type { ProgramEnd, RunningProgram } from '../kernel/exec.ts';

/** All that a program wrote, and how it ended; of one that was stopped, what it wrote is lost. */
export async function outputOf(
  program: RunningProgram,
): Promise<{ readonly output: string; readonly end: ProgramEnd }> {
  const output = await text(program.stdout).catch(() => '');
  return { output, end: await program.ended };
}
