import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { requireProgram } from './install.ts';
import { type Ending, onFreePort, type ServerProcess, serverFolder, startServer } from './server.ts';

export interface ReloadingServer extends ServerProcess {
  readonly url: string;
  /** Gives it another configuration; the server says by the status whether it took it. */
  reload(configuration: string): Promise<number>;
}

/** A real Prometheus of its own. It scrapes itself and `targets`. */
export async function startPrometheus(
  ending: Ending,
  { targets }: { readonly targets: readonly string[] },
): Promise<ReloadingServer> {
  const program = requireProgram({ name: 'prometheus', packages: ['prometheus'], folders: ['/usr/bin'] });
  return startReloading(ending, {
    name: 'prometheus',
    program,
    configuration: (address) => prometheusConfiguration([address, ...targets]),
    argv: ({ file, folder, address }) => [
      `--config.file=${file}`,
      `--storage.tsdb.path=${path.join(folder, 'data')}`,
      `--web.listen-address=${address}`,
      '--web.enable-lifecycle',
    ],
  });
}

/** A real Alertmanager of its own; `cluster` makes it look for others. */
export async function startAlertmanager(
  ending: Ending,
  { cluster }: { readonly cluster?: string } = {},
): Promise<ReloadingServer> {
  const packages = ['prometheus-alertmanager'];
  const program = requireProgram({ name: 'prometheus-alertmanager', packages, folders: ['/usr/bin'] });
  return startReloading(ending, {
    name: 'alertmanager',
    program,
    configuration: () => 'route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n',
    argv: ({ file, folder, address }) => [
      `--config.file=${file}`,
      `--storage.path=${path.join(folder, 'data')}`,
      `--web.listen-address=${address}`,
      `--cluster.listen-address=${cluster ?? ''}`,
      '--cluster.settle-timeout=60s',
    ],
  });
}

export function prometheusConfiguration(targets: readonly string[]): string {
  const jobs = [{ job_name: 'all', static_configs: [{ targets }] }];
  return JSON.stringify({ global: { scrape_interval: '1s', scrape_timeout: '500ms' }, scrape_configs: jobs });
}

interface Launch {
  readonly name: string;
  readonly program: string;
  readonly configuration: (address: string) => string;
  readonly argv: (place: { readonly file: string; readonly folder: string; readonly address: string }) => string[];
}

async function startReloading(
  ending: Ending,
  { name, program, configuration, argv }: Launch,
): Promise<ReloadingServer> {
  const server = await onFreePort(async (port) => {
    const folder = serverFolder(name);
    const file = path.join(folder, 'configuration.yml');
    const address = `127.0.0.1:${port}`;
    const url = `http://${address}`;
    writeFileSync(file, configuration(address), { mode: 0o644 });
    const started = await startServer({
      folder,
      program,
      argv: argv({ file, folder, address }),
      signal: 'SIGKILL',
      isReady: () => isReady(url),
    });
    return {
      ...started,
      url,
      async reload(text: string) {
        writeFileSync(file, text);
        return (await fetch(`${url}/-/reload`, { method: 'POST' })).status;
      },
    };
  });
  ending.after(() => server.stop());
  return server;
}

async function isReady(url: string): Promise<boolean> {
  const response = await fetch(`${url}/-/ready`).catch(() => undefined);
  await response?.text();
  return response?.status === 200;
}
