import { readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../../kernel/errors.ts';
import type { ProcessNow } from '../../kernel/host.ts';
import { errors } from './errors.ts';

/** More than any machine runs that is worth watching; beyond it, looking would be a load of its own. */
const PROCESSES_MAX = 32_768;
/** So many are read at once: each takes three files. */
const AT_ONCE = 32;
const TICK_MS = 10;
const SECOND_MS = 1_000;
const COMMAND_CHARS_MAX = 8_192;
/** `AT_PAGESZ` of getauxval(3); every entry of the list is two words of 64 bits. */
const PAGE_SIZE_KEY = 6n;
const USUAL_PAGE_BYTES = 4_096;

/** What /proc tells of every process; proc_pid_stat(5) describes the fields. */
export function createProcessLook(proc: string): () => Promise<readonly ProcessNow[]> {
  let underWay: Promise<readonly ProcessNow[]> | undefined;

  // Monitors that look at the same moment share the look.
  return () => (underWay ??= look(proc).finally(() => (underWay = undefined)));
}

async function look(proc: string): Promise<readonly ProcessNow[]> {
  const { bootedAt, names } = await machineOf(proc);
  const pids = names.filter((name) => /^\d+$/.test(name)).slice(0, PROCESSES_MAX);
  const pageBytes = await pageBytesOf(proc);
  const found: ProcessNow[] = [];
  for (let start = 0; start < pids.length; start += AT_ONCE) {
    const some = pids.slice(start, start + AT_ONCE);
    const read = await Promise.all(some.map((pid) => readProcess(path.join(proc, pid), { bootedAt, pageBytes })));
    found.push(...read.filter((one) => one !== undefined));
  }
  return found;
}

async function machineOf(proc: string) {
  try {
    const [names, stat] = await Promise.all([readdir(proc), readFile(path.join(proc, 'stat'), 'utf8')]);
    const [, seconds] = /^btime (?<seconds>\d+)$/m.exec(stat) ?? [];
    if (seconds === undefined) throw errors.HOST_UNREADABLE({ cause: 'stat says nothing of btime' });
    return { names, bootedAt: Number(seconds) * SECOND_MS };
  } catch (error) {
    if (codeOf(error) === 'HOST_UNREADABLE') throw error;
    throw errors.HOST_UNREADABLE({ cause: `${codeOf(error)} ${proc}` }, { cause: error });
  }
}

/** Undefined for one that has ended meanwhile, and for one that only waits for its end to be noticed. */
async function readProcess(
  folder: string,
  { bootedAt, pageBytes }: { readonly bootedAt: number; readonly pageBytes: number },
): Promise<ProcessNow | undefined> {
  const [stat, command, file] = await Promise.all([
    readIfThere(path.join(folder, 'stat')),
    readIfThere(path.join(folder, 'cmdline')),
    // Of other users' processes only root is told.
    readlink(path.join(folder, 'exe')).catch(() => ''),
  ]);
  // The name stands in parentheses and may hold any character, even one of these.
  const { pid, name, rest } = /^(?<pid>\d+) \((?<name>.*)\) (?<rest>.+)$/s.exec(stat)?.groups ?? {};
  if (pid === undefined || name === undefined || rest === undefined) return undefined;
  const fields = rest.trim().split(' ');
  const [state = ''] = fields;
  if ('ZXx'.includes(state)) return undefined;
  // Counted from the state, which is the third field.
  const field = (number: number) => Number(fields[number - 3]);
  return {
    pid: Number(pid),
    names: namesOf(name, file, command),
    commandLine: command.slice(0, COMMAND_CHARS_MAX).replaceAll('\0', ' ').trim(),
    startedAt: bootedAt + field(22) * TICK_MS,
    memoryBytes: field(24) * pageBytes,
    cpuMs: (field(14) + field(15)) * TICK_MS,
  };
}

/** The kernel cuts its name at 15 characters, an interpreter's file is not what runs in it, and titles are rewritten. */
function namesOf(name: string, file: string, command: string): readonly string[] {
  const [started = ''] = command.split('\0', 1);
  const byFile = path.basename(file.replace(/ \(deleted\)$/, ''));
  return [...new Set([name, byFile, path.basename(started)])].filter((each) => each !== '');
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return '';
  }
}

async function pageBytesOf(proc: string): Promise<number> {
  const list = await readFile(path.join(proc, 'self/auxv')).catch(() => Buffer.alloc(0));
  for (let at = 0; at + 16 <= list.length; at += 16) {
    if (list.readBigUInt64LE(at) === PAGE_SIZE_KEY) return Number(list.readBigUInt64LE(at + 8));
  }
  return USUAL_PAGE_BYTES;
}
