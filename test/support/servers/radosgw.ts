import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { S3Client } from '@aws-sdk/client-s3';
import { requireProgram } from './install.ts';
import {
  type Ending,
  freePort,
  onFreePort,
  type ServerProcess,
  serverEnvironment,
  serverFolder,
  startServer,
  unprivileged,
} from './server.ts';

export interface ObjectStore extends ServerProcess {
  /** Of the server, e.g. `http://127.0.0.1:7480`. */
  readonly url: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** As the owner of those keys. */
  readonly client: S3Client;
  /** Makes one more user, with these keys. */
  readonly addUser: (name: string, keys: { readonly accessKey: string; readonly secretKey: string }) => Promise<void>;
}

const PACKAGES = ['radosgw', 'ceph-mon', 'ceph-osd', 'ceph-common'];
const OWNER = { accessKey: 'OWNERSKEY', secretKey: 'hush-owner' };
const run = promisify(execFile);

/**
 * A real object store of its own (Ceph: a monitor, one store in memory, a gateway), which ends with the test or, given
 * `node:test`'s `{ after }` at the top of a file, with the file. It takes seconds to start: one per file.
 */
export async function startRadosgw(ending: Ending): Promise<ObjectStore> {
  const cluster = await createCluster();
  const { folder, admin } = cluster;
  const monitor = await startServer({
    folder,
    program: program('ceph-mon'),
    argv: ['-f', '-c', cluster.file, '-i', 'a'],
    signal: 'SIGKILL',
    isReady: async () => true,
  });
  ending.after(() => monitor.stop());
  const store = await startStore(cluster);
  ending.after(() => store.stop());
  const gateway = await onFreePort((port) => startGateway(cluster, port));
  ending.after(() => gateway.stop());

  const addUser: ObjectStore['addUser'] = async (name, { accessKey, secretKey }) => {
    const keys = [`--access-key=${accessKey}`, `--secret-key=${secretKey}`];
    await admin('radosgw-admin', ['user', 'create', `--uid=${name}`, `--display-name=${name}`, ...keys]);
  };
  await addUser('owner', OWNER);
  const client = new S3Client({
    endpoint: gateway.url,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: OWNER.accessKey, secretAccessKey: OWNER.secretKey },
  });
  ending.after(async () => client.destroy());
  return { ...gateway, ...OWNER, client, addUser };
}

interface Cluster {
  readonly folder: string;
  readonly file: string;
  readonly admin: (name: string, argv: readonly string[]) => Promise<unknown>;
}

async function createCluster(): Promise<Cluster> {
  const folder = serverFolder('ceph');
  const file = path.join(folder, 'ceph.conf');
  const [fsid, port] = [randomUUID(), await freePort()];
  const address = `v2:127.0.0.1:${port}`;
  writeFileSync(file, configuration({ folder, fsid, address }), { mode: 0o644 });
  const options = { ...unprivileged(), cwd: folder, env: serverEnvironment(folder) };
  const admin = (name: string, argv: readonly string[]) => run(program(name), ['-c', file, ...argv], options);

  const keyring = path.join(folder, 'keyring');
  const everything = ['--cap', 'mon', 'allow *', '--cap', 'osd', 'allow *'];
  for (const [index, name] of ['mon.', 'client.admin', 'osd.0', 'client.rgw.a'].entries()) {
    const create = index === 0 ? ['--create-keyring'] : [];
    await run(program('ceph-authtool'), [keyring, ...create, '--gen-key', '-n', name, ...everything], options);
  }
  const map = path.join(folder, 'map');
  await run(program('monmaptool'), ['--create', '--fsid', fsid, '--addv', 'a', `[${address}]`, map], options);
  await admin('ceph-mon', ['-i', 'a', '--mkfs', '--monmap', map, '--keyring', keyring]);
  return { folder, file, admin };
}

async function startStore({ file, admin }: Cluster): Promise<ServerProcess> {
  const id = randomUUID();
  const folder = serverFolder('ceph-osd');
  const data = `--osd-data=${folder}`;
  await admin('ceph', ['osd', 'new', id]);
  await admin('ceph-osd', ['-i', '0', '--mkfs', '--osd-uuid', id, data]);
  return startServer({
    folder,
    program: program('ceph-osd'),
    argv: ['-f', '-c', file, '-i', '0', data],
    signal: 'SIGKILL',
    isReady: async () => true,
  });
}

async function startGateway({ file }: Cluster, port: number) {
  const folder = serverFolder('radosgw');
  const url = `http://127.0.0.1:${port}`;
  const frontend = `--rgw-frontends=beast endpoint=127.0.0.1:${port}`;
  const argv = ['-f', '-c', file, '-n', 'client.rgw.a', `--rgw-data=${folder}`, frontend];
  const started = await startServer({
    folder,
    program: program('radosgw'),
    argv,
    signal: 'SIGKILL',
    isReady: () =>
      fetch(url).then(
        ({ ok }) => ok,
        () => false,
      ),
  });
  return { ...started, url };
}

/** All in memory, alone, and in a hurry: what would wait for others to join is told not to. */
function configuration({ folder, fsid, address }: { folder: string; fsid: string; address: string }): string {
  const lines = [
    '[global]',
    `fsid = ${fsid}`,
    `mon host = [${address}]`,
    'public network = 127.0.0.0/8',
    'public addr = 127.0.0.1',
    'cluster addr = 127.0.0.1',
    `keyring = ${path.join(folder, 'keyring')}`,
    `run dir = ${folder}`,
    'admin socket =',
    'pid file =',
    'log to file = false',
    'log to stderr = true',
    `mon data = ${path.join(folder, 'mon')}`,
    'mon data avail crit = 1',
    'mon allow pool size one = true',
    'mon max pg per osd = 1000',
    'paxos propose interval = 0.02',
    'paxos min wait = 0.01',
    'auth allow insecure global id reclaim = false',
    'ms bind msgr1 = false',
    'osd objectstore = memstore',
    'osd pool default size = 1',
    'osd pool default min size = 1',
    'osd pool default pg num = 1',
    'osd pool default pgp num = 1',
    'osd pool default pg autoscale mode = off',
    'osd crush chooseleaf type = 0',
    'osd heartbeat interval = 1',
    'rgw rados pool pg num min = 1',
    'rgw enable usage log = false',
    'rgw s3 auth use sts = false',
    '',
  ];
  return lines.join('\n');
}

function program(name: string): string {
  return requireProgram({ name, packages: PACKAGES });
}
