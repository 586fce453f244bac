import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import process from 'node:process';
import type { Readable } from 'node:stream';
import { messageOf } from '../../kernel/errors.ts';
import type { Command, ProgramEnd, RunningProgram } from '../../kernel/exec.ts';
import { type Launch, launchOf } from './launch.ts';

const STDERR_BYTES_MAX = 8_192;
/** How long a program may take over its end before it is made to. */
const STOP_PATIENCE_MS = 5_000;

/** In a process group of its own: a Ctrl-C is meant for us, and we end what we started. */
export function startProgram(command: Command, searchPath: string): RunningProgram {
  const launch = launchOf(command);
  const { uid, gid } = launch;
  const child = spawn(launch.file, launch.args, {
    cwd: command.folder ?? '/',
    env: { PATH: searchPath, LC_ALL: 'C', ...command.env },
    ...(uid !== undefined && gid !== undefined && { uid, gid }),
    detached: true,
  });
  // A program that has gone takes no more; why it has is said by its end.
  child.stdin.on('error', () => undefined);
  child.stdout.on('error', () => undefined);
  endWithUs(child);

  const ended = endOf(child, launch);
  const stop = stopperOf(child, command.stopSignal ?? 'SIGTERM', ended);
  const stopNow = () => void stop();
  command.signal.addEventListener('abort', stopNow);
  child.once('close', () => command.signal.removeEventListener('abort', stopNow));
  child.stdout.once('close', () => {
    if (!child.stdout.readableEnded) stopNow();
  });
  if (command.signal.aborted) stopNow();
  return { stdin: child.stdin, stdout: child.stdout, ended, stop };
}

function stopperOf(child: ChildProcessWithoutNullStreams, signal: NodeJS.Signals, ended: Promise<ProgramEnd>) {
  let patience: NodeJS.Timeout | undefined;
  return (): Promise<ProgramEnd> => {
    if (patience === undefined && isRunning(child)) {
      patience = setTimeout(() => killGroup(child), STOP_PATIENCE_MS);
      child.once('exit', () => clearTimeout(patience));
      child.kill(signal);
    }
    // Nobody may be reading, and its end is only told once all of this is read.
    child.stdout.destroy();
    return ended;
  };
}

function isRunning({ pid, exitCode, signalCode }: ChildProcessWithoutNullStreams): boolean {
  return pid !== undefined && exitCode === null && signalCode === null;
}

function endOf(child: ChildProcessWithoutNullStreams, launch: Launch): Promise<ProgramEnd> {
  const said = tailOf(child.stderr);
  return new Promise((resolve) => {
    child.once('error', (error) => {
      // Only where there is no process there is no other event.
      if (child.pid === undefined) resolve({ code: null, signal: null, stderr: messageOf(error) });
    });
    child.once('close', (code, signal) => resolve(neverStarted(launch, said()) ?? { code, signal, stderr: said() }));
  });
}

function neverStarted({ isWrapped }: Launch, said: string): ProgramEnd | undefined {
  const wrapper = 'setpriv: ';
  if (!isWrapped || !said.startsWith(wrapper)) return undefined;
  return { code: null, signal: null, stderr: said.slice(wrapper.length) };
}

function tailOf(stream: Readable): () => string {
  let tail = Buffer.alloc(0);
  stream.on('error', () => undefined);
  stream.on('data', (chunk: Buffer) => {
    tail = Buffer.concat([tail, chunk]).subarray(-STDERR_BYTES_MAX);
  });
  return () => tail.toString('utf8');
}

const running = new Set<ChildProcessWithoutNullStreams>();

function endWithUs(child: ChildProcessWithoutNullStreams): void {
  if (running.size === 0) process.on('exit', killAll);
  running.add(child);
  child.once('close', () => {
    running.delete(child);
    if (running.size === 0) process.off('exit', killAll);
  });
}

function killAll(): void {
  for (const child of running) killGroup(child);
}

function killGroup({ pid }: ChildProcessWithoutNullStreams): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has gone in this very moment.
  }
}
