import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import type { ProgramUser } from '../../kernel/exec.ts';
import type { EngineIo } from '../engine.ts';
import { outputOf } from '../program-output.ts';
import type { Findings, Inspection } from './inspection.ts';

/** Beside this file, and compiled with it. */
const INSPECTOR = path.join(import.meta.dirname, `inspector${path.extname(import.meta.filename)}`);

/** Rejects when the signal aborts, and when the process that looks into the file breaks down. */
export async function inspect<Task extends Inspection['task']>(
  inspection: Extract<Inspection, { task: Task }>,
  user: ProgramUser,
  io: Pick<EngineIo, 'exec' | 'signal'>,
): Promise<Findings[Task]> {
  const program = io.exec.run({
    program: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', INSPECTOR],
    user: user === 'nobody' && (await canNobodyRun()) ? 'nobody' : 'us',
    signal: io.signal,
  });
  program.stdin.end(JSON.stringify(inspection));
  const { output, end } = await outputOf(program);
  io.signal.throwIfAborted();
  if (end.code === 0) return JSON.parse(output);
  throw new Error(`The inspection of a database file broke down (${end.code ?? end.signal}): ${end.stderr.trim()}`);
}

/** Where others cannot reach our own program, e.g. below /root, there is nobody else to run it. */
async function canNobodyRun(): Promise<boolean> {
  const [node, inspector] = await Promise.all([realpath(process.execPath), realpath(INSPECTOR)]);
  const folders = [node, inspector].flatMap(foldersOf);
  const isOpen = await Promise.all([
    allows(node, 0o005),
    allows(inspector, 0o004),
    ...folders.map((folder) => allows(folder, 0o001)),
  ]);
  return isOpen.every(Boolean);
}

function foldersOf(file: string): readonly string[] {
  const folder = path.dirname(file);
  return folder === file ? [] : [folder, ...foldersOf(folder)];
}

async function allows(file: string, others: number): Promise<boolean> {
  return ((await stat(file)).mode & others) === others;
}
