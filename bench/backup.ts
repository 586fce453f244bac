import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import pg from 'pg';
import { requireProgram } from '../test/support/servers/install.ts';
import { freshDatabase, startPostgres } from '../test/support/servers/postgres.ts';
import type { Taken } from './backup-child.ts';
import { type Benchmark, runBenchmarks } from './benchmark.ts';
import { type Figure, median } from './figure.ts';

/** About 250 MB as PostgreSQL stores it, half of it prose-like and half of it random: neither flatters a packer. */
const ROWS = 500_000;
const WALL_RATIO_MAX = 1.15;
const MEMORY_MAX_MB = 150;

interface Round {
  readonly ours: Taken & { readonly place: string; readonly identity: string };
  readonly pipeMs: number;
  readonly pipeReadMs: number;
  readonly pipeBytes: number;
  readonly pipeRestoreMs: number;
}

export const backup: Benchmark = {
  name: 'backup',
  summary: `PostgreSQL, ${ROWS.toLocaleString('en')} rows, against pg_dump | zstd | age of the same machine`,
  async measure({ rounds }) {
    await using ending = new AsyncDisposableStack();
    const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-bench-'));
    ending.defer(() => rmSync(folder, { recursive: true }));
    const server = await startPostgres({ after: (end) => ending.defer(end) }, { fsync: true });
    const url = await freshDatabase(server);
    await fill(url);
    const measured: Round[] = [];
    for (let round = 0; round < rounds; round += 1) measured.push(await oneRound(folder, { url, server }));
    return figuresOf(measured);
  },
};

interface Place {
  readonly url: string;
  readonly server: { readonly url: string };
}

async function oneRound(folder: string, { url, server }: Place): Promise<Round> {
  const ours = await takeOurs({ url, vault: path.join(folder, 'vault') });
  const pipe = pipeCommands(folder, ours.identity);
  const pipeMs = await shell(pipe.take, { SOURCE: url });
  const pipeReadMs = await shell(pipe.read, {});
  const pipeRestoreMs = await shell(pipe.restore, { TARGET: await freshDatabase(server) });
  return { ours, pipeMs, pipeReadMs, pipeBytes: statSync(pipe.file).size, pipeRestoreMs };
}

/** What a careful person would write into a script: every stage's failure counts. */
function pipeCommands(folder: string, identity: string) {
  const file = path.join(folder, 'pipe.zst.age');
  const key = path.join(folder, 'pipe.agekey');
  writeFileSync(key, identity, { mode: 0o600 });
  const tools = { packages: ['age', 'zstd', 'postgresql'], folders: ['/usr/lib/postgresql/*/bin'] };
  const [age, zstd, dump, restore] = ['age', 'zstd', 'pg_dump', 'pg_restore'].map((name) =>
    requireProgram({ name, ...tools }),
  );
  return {
    file,
    take: `${dump} -Fc -Z0 -d "$SOURCE" | ${zstd} -T0 -3 -q | ${age} -e -i ${key} > ${file} && sync ${file}`,
    read: `${age} -d -i ${key} ${file} | ${zstd} -dc | ${restore} -f /dev/null`,
    restore: `${age} -d -i ${key} ${file} | ${zstd} -dc | ${restore} --exit-on-error --no-owner -d "$TARGET"`,
  };
}

function figuresOf(rounds: readonly Round[]): readonly Figure[] {
  const of = (pick: (round: Round) => number) => median(rounds.map(pick));
  const mb = (pick: (round: Round) => number) => of(pick) / 1e6;
  const whole = of(({ pipeMs, pipeReadMs }) => pipeMs + pipeReadMs);
  return [
    { name: 'dump', value: mb(({ ours }) => ours.plainBytes), unit: 'MB' },
    { name: 'stored', value: mb(({ ours }) => ours.storedBytes), unit: 'MB' },
    { name: 'stored by the pipe', value: mb(({ pipeBytes }) => pipeBytes), unit: 'MB' },
    { name: 'to the last byte stored', value: of(({ ours }) => ours.storedMs), unit: 'ms' },
    { name: 'the pipe', value: of(({ pipeMs }) => pipeMs), unit: 'ms' },
    {
      name: 'stored / pipe',
      value: of(({ ours, pipeMs }) => ours.storedMs / pipeMs),
      unit: 'ratio',
      target: { atMost: WALL_RATIO_MAX },
    },
    { name: 'complete, read back to its end', value: of(({ ours }) => ours.completeMs), unit: 'ms' },
    { name: 'the pipe, read back by a second pipe', value: whole, unit: 'ms' },
    { name: 'complete / both pipes', value: of(({ ours }) => ours.completeMs) / whole, unit: 'ratio' },
    { name: 'proven by a restore into a scratch server', value: of(({ ours }) => ours.provenMs), unit: 'ms' },
    { name: 'restored by a pipe, nothing compared', value: of(({ pipeRestoreMs }) => pipeRestoreMs), unit: 'ms' },
    { name: 'CPU of our process, until complete', value: of(({ ours }) => ours.cpuMs), unit: 'ms' },
    {
      name: 'memory of our process, at most',
      value: mb(({ ours }) => ours.memoryBytes),
      unit: 'MB',
      target: { atMost: MEMORY_MAX_MB },
    },
  ];
}

async function takeOurs(where: { readonly url: string; readonly vault: string }): Promise<Round['ours']> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'backup-child.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify(where));
  const [chunks, [code]] = await Promise.all([child.stdout.toArray(), once(child, 'close')]);
  if (code !== 0) throw new Error(`The backup ended with ${code}.`);
  return JSON.parse(Buffer.concat(chunks).toString());
}

async function shell(command: string, env: Readonly<Record<string, string>>): Promise<number> {
  const startedAt = performance.now();
  const child = spawn('bash', ['-c', `set -euo pipefail; ${command}`], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`A pipe ended with ${code}: ${command}`);
  return performance.now() - startedAt;
}

async function fill(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(
      `create table orders (id bigint primary key, customer text not null, note text not null, mark text not null)`,
    );
    await client.query(
      `insert into orders
       select n, 'customer ' || (n % 9973), repeat('tea, black and green, ' || (n % 89) || '; ', 6),
              md5(n::text) || md5((n + 1)::text) || md5((n + 2)::text) || md5((n + 3)::text)
       from generate_series(1, $1::bigint) as n`,
      [ROWS],
    );
    await client.query('create index on orders (customer)');
    await client.query('vacuum analyze orders');
  } finally {
    await client.end();
  }
}

if (import.meta.main) await runBenchmarks([backup]);
