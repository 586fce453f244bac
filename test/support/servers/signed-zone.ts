import { execFileSync } from 'node:child_process';
import { Resolver } from 'node:dns/promises';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { requireProgram } from './install.ts';
import { type Ending, onFreePort, serverFolder, startServer, unprivileged } from './server.ts';

export interface SignedZone {
  /** Knows the zone and signs it (Knot DNS). */
  readonly authority: string;
  /** Asks that one and verifies what it says, by its keys (Unbound). */
  readonly resolver: string;
  /** Asks the same and verifies by other keys: for it, the zone is forged. */
  readonly deceived: string;
}

const ZONE = [
  '$TTL 60',
  '@ SOA ns.shop.test. hostmaster.shop.test. 1 3600 600 86400 60',
  '@ NS ns.shop.test.',
  'ns A 127.0.0.1',
  '@ A 192.0.2.1',
  '',
].join('\n');
const WRONG_DIGEST = 'ab'.repeat(32);

/** The zone `shop.test`, signed with DNSSEC, and two resolvers for it. */
export async function startSignedZone(ending: Ending): Promise<SignedZone> {
  const knot = await onFreePort((port) => launchKnot(ending, port));
  const [resolver, deceived] = await Promise.all(
    [knot.anchor, knot.anchor.replace(/[\dA-Fa-f]{64}/, WRONG_DIGEST)].map((anchor) =>
      onFreePort((port) => launchUnbound(ending, { port, anchor, authorityPort: knot.port })),
    ),
  );
  return { authority: `127.0.0.1:${knot.port}`, resolver: `127.0.0.1:${resolver}`, deceived: `127.0.0.1:${deceived}` };
}

async function launchKnot(ending: Ending, port: number) {
  const program = requireProgram({ name: 'knotd', packages: ['knot'], folders: ['/usr/sbin'] });
  const keymgr = requireProgram({ name: 'keymgr', packages: ['knot'], folders: ['/usr/sbin'] });
  const folder = serverFolder('knot');
  const file = path.join(folder, 'knot.conf');
  const lines = [
    'server:',
    `  rundir: "${folder}"`,
    `  listen: 127.0.0.1@${port}`,
    'database:',
    `  storage: "${folder}"`,
    'log:',
    '  - target: stderr',
    '    any: info',
    'template:',
    '  - id: default',
    `    storage: "${folder}"`,
    'zone:',
    '  - domain: shop.test',
    '    file: shop.zone',
    '    dnssec-signing: on',
    '    zonefile-sync: -1',
    '    journal-content: none',
    '',
  ];
  writeFileSync(file, lines.join('\n'), { mode: 0o644 });
  writeFileSync(path.join(folder, 'shop.zone'), ZONE, { mode: 0o644 });
  const server = await startServer({
    folder,
    program,
    argv: ['-c', file],
    signal: 'SIGKILL',
    isReady: () => knows(port),
  });
  ending.after(() => server.stop());
  const keys = execFileSync(keymgr, ['-c', file, 'shop.test', 'ds'], { encoding: 'utf8', ...unprivileged() });
  const anchor = keys.split('\n').find((line) => / 13 2 /.test(line)) ?? '';
  return { port, anchor };
}

interface Unbound {
  readonly port: number;
  readonly anchor: string;
  readonly authorityPort: number;
}

async function launchUnbound(ending: Ending, { port, anchor, authorityPort }: Unbound): Promise<number> {
  const program = requireProgram({ name: 'unbound', packages: ['unbound'], folders: ['/usr/sbin'] });
  const folder = serverFolder('unbound');
  const file = path.join(folder, 'unbound.conf');
  const lines = [
    'server:',
    '  interface: 127.0.0.1',
    `  port: ${port}`,
    '  do-daemonize: no',
    '  chroot: ""',
    '  username: ""',
    `  pidfile: "${folder}/pid"`,
    `  directory: "${folder}"`,
    '  use-syslog: no',
    '  num-threads: 1',
    '  do-not-query-localhost: no',
    '  module-config: "validator iterator"',
    '  local-zone: "test." nodefault',
    '  local-zone: "plain.test." static',
    '  local-data: "plain.test. A 192.0.2.2"',
    `  trust-anchor: "${anchor}"`,
    'stub-zone:',
    '  name: "shop.test"',
    `  stub-addr: 127.0.0.1@${authorityPort}`,
    '',
  ];
  writeFileSync(file, lines.join('\n'), { mode: 0o644 });
  const isReady = () => knows(port, 'plain.test');
  const server = await startServer({ folder, program, argv: ['-d', '-c', file], signal: 'SIGKILL', isReady });
  ending.after(() => server.stop());
  return port;
}

function knows(port: number, name = 'shop.test'): Promise<boolean> {
  const resolver = new Resolver({ timeout: 200, tries: 1 });
  resolver.setServers([`127.0.0.1:${port}`]);
  return resolver.resolve4(name).then(
    () => true,
    () => false,
  );
}
