import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type { TestContext } from 'node:test';
import type { EngineIo } from '../../src/backups/engine.ts';
import { createExec } from '../../src/platform/exec/exec.ts';
import { systemClock } from '../../src/platform/system-clock.ts';
import { createSystemIds } from '../../src/platform/system-ids.ts';
import { eventually } from './eventually.ts';

export interface TestIo extends EngineIo {
  /** Where everything is that engines put down for a while. */
  readonly scratch: string;
  /** Gives up whatever is under way. */
  abort(): void;
}

/** What an engine gets, for real; after the test nothing of it may be left running or lying about. */
export async function backupEngineIo(t: TestContext, scratchFolder?: string): Promise<TestIo> {
  const scratch = scratchFolder ?? (await mkdtemp(path.join(tmpdir(), 'evenkeel-engine-test-')));
  await chmod(scratch, 0o755);
  const controller = new AbortController();
  t.after(async () => {
    await eventually(() => assert.deepEqual(programsIn(scratch), []));
    await eventually(async () => assert.deepEqual(await readdir(scratch), []));
    if (scratchFolder === undefined) await rm(scratch, { recursive: true, force: true });
  });
  return {
    scratch,
    exec: createExec({ scratch }),
    clock: systemClock,
    ids: createSystemIds(systemClock),
    signal: controller.signal,
    abort: () => controller.abort(new Error('given up by the test')),
  };
}

/** Programs that this process has started, beside the guardians of its servers. */
export function programsOfOurs(): readonly RunningProgram[] {
  return runningPrograms().filter(({ parent, argv }) => parent === process.pid && !argv.includes('guardian.ts'));
}

interface RunningProgram {
  readonly pid: number;
  readonly parent: number;
  readonly argv: string;
  readonly environment: string;
}

function runningPrograms(): readonly RunningProgram[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.flatMap((pid) => programOf(pid) ?? []);
}

/** The command lines of all that works in this folder, whoever started it. */
export function programsIn(scratch: string): readonly string[] {
  const programs = runningPrograms().filter(({ argv, environment }) => `${argv} ${environment}`.includes(scratch));
  return programs.filter(({ pid }) => pid !== process.pid).map(({ argv }) => argv);
}

/** Undefined when it has gone, or only waits for somebody to notice that it has. */
function programOf(pid: number): RunningProgram | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z') return undefined;
    const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return { pid, parent: Number(parent), argv, environment: readFileSync(`/proc/${pid}/environ`, 'utf8') };
  } catch {
    return undefined;
  }
}
