import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { requireProgram } from '../test/support/servers/install.ts';
import { freePort } from '../test/support/servers/server.ts';
import { type Job, urlOf } from './checks-job.ts';
import { pidOf } from './checks-process.ts';

const READY_MAX_MS = 20_000;

/** Prometheus, which asks and remembers, and its blackbox exporter, which is asked and looks. Returns both. */
export async function startPrometheus(
  ending: AsyncDisposableStack,
  job: Job,
  folder: string,
): Promise<readonly number[]> {
  mkdirSync(folder);
  const [port, exporterPort] = [await freePort(), await freePort()];
  const exporter = start(ending, 'prometheus-blackbox-exporter', [
    `--config.file=${written(folder, 'blackbox.yml', 'modules: { http_2xx: { prober: http, timeout: 4s } }\n')}`,
    `--web.listen-address=127.0.0.1:${exporterPort}`,
    '--log.level=error',
  ]);
  const prometheus = start(ending, 'prometheus', [
    `--config.file=${written(folder, 'prometheus.yml', JSON.stringify(configuration(job, exporterPort)))}`,
    `--storage.tsdb.path=${path.join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=error',
  ]);
  await ready(`http://127.0.0.1:${exporterPort}/-/healthy`);
  await ready(`http://127.0.0.1:${port}/-/ready`);
  return [prometheus, exporter].map(pidOf);
}

/** As the documentation of the exporter writes it. JSON is YAML. */
function configuration(job: Job, exporterPort: number) {
  return {
    global: { scrape_interval: `${job.everyMs}ms`, scrape_timeout: `${Math.min(job.everyMs, 5_000)}ms` },
    scrape_configs: [
      {
        job_name: 'blackbox',
        metrics_path: '/probe',
        params: { module: ['http_2xx'] },
        static_configs: [{ targets: Array.from({ length: job.monitors }, (_, index) => urlOf(job, index)) }],
        relabel_configs: [
          { source_labels: ['__address__'], target_label: '__param_target' },
          { source_labels: ['__param_target'], target_label: 'instance' },
          { target_label: '__address__', replacement: `127.0.0.1:${exporterPort}` },
        ],
      },
    ],
  };
}

function written(folder: string, name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

function start(ending: AsyncDisposableStack, name: string, argv: readonly string[]): ChildProcess {
  const program = requireProgram({ name, packages: [name] });
  const child = spawn(program, argv, { stdio: ['ignore', 'ignore', 'inherit'] });
  ending.defer(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  return child;
}

async function ready(url: string): Promise<void> {
  const giveUpAt = performance.now() + READY_MAX_MS;
  while (
    !(await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    if (performance.now() > giveUpAt) throw new Error(`Nothing answers at ${url}.`);
    await sleep(50);
  }
}
