import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import process from 'node:process';
import type { Guarded } from './server.ts';

// Runs beside a test, between it and a real server. The pipe on standard input closes when the process of the test
// ends, however it ends; then the server and its folder go too.

const PATIENCE_MS = 5_000;
const { folder, program, argv, signal, user }: Guarded = JSON.parse(process.argv[2] ?? '');

// A Ctrl-C reaches the whole process group; the server must outlive the test that is still using it.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', end);

const server = spawn(program, argv, { ...user, cwd: folder, stdio: ['ignore', 'inherit', 'inherit'], detached: true });
server.on('error', leave);
server.on('exit', leave);
process.stdin.on('end', end).on('error', end).resume();

function end(): void {
  server.kill(signal);
  setTimeout(() => server.kill('SIGKILL'), PATIENCE_MS).unref();
}

function leave(): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  process.exit(0);
}
