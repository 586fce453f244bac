import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { requireProgram } from './install.ts';
import { type Ending, onFreePort, type ServerProcess, serverFolder, startServer } from './server.ts';

export interface ClickhouseServer extends ServerProcess {
  /** Of its HTTP interface. */
  readonly url: string;
}

/** For each user without quotas: a password and whether nothing may be changed at all, settings included. */
export type ClickhouseUsers = Readonly<Record<string, { readonly password: string; readonly isReadOnly?: boolean }>>;

/** A real server of its own, which ends with the test or, given `node:test`'s `{ after }` at the top of a file, with the file. */
export async function startClickhouse(ending: Ending, users: ClickhouseUsers): Promise<ClickhouseServer> {
  const program = requireProgram({
    name: 'clickhouse-server',
    packages: ['clickhouse-server'],
    folders: ['/usr/sbin', '/usr/bin'],
  });
  const server = await onFreePort(async (port) => {
    const folder = serverFolder('clickhouse');
    const file = path.join(folder, 'config.xml');
    writeFileSync(file, configuration(folder, port), { mode: 0o644 });
    writeFileSync(path.join(folder, 'users.xml'), usersFile(users), { mode: 0o644 });
    const url = `http://127.0.0.1:${port}`;
    const started = await startServer({
      folder,
      program,
      argv: [`--config-file=${file}`],
      signal: 'SIGKILL',
      isReady: () =>
        fetch(`${url}/ping`).then(
          ({ ok }) => ok,
          () => false,
        ),
    });
    return { ...started, url };
  });
  ending.after(() => server.stop());
  return server;
}

function configuration(folder: string, port: number): string {
  return `<yandex>
  <logger><level>warning</level><console>1</console></logger>
  <http_port>${port}</http_port>
  <listen_host>127.0.0.1</listen_host>
  <path>${folder}/data/</path>
  <tmp_path>${folder}/tmp/</tmp_path>
  <users_config>users.xml</users_config>
  <default_profile>default</default_profile>
  <default_database>default</default_database>
  <mark_cache_size>5368709</mark_cache_size>
</yandex>
`;
}

function usersFile(users: ClickhouseUsers): string {
  const entries = Object.entries(users).map(
    ([name, { password, isReadOnly = false }]) => `    <${name}>
      <password>${password}</password>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>${isReadOnly ? 'readonly' : 'default'}</profile>
      <quota>default</quota>
    </${name}>`,
  );
  return `<yandex>
  <profiles><default></default><readonly><readonly>1</readonly></readonly></profiles>
  <users>
${entries.join('\n')}
  </users>
  <quotas><default></default></quotas>
</yandex>
`;
}
