import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { accepts } from './accepts.ts';
import { requireProgram } from './install.ts';
import { type Ending, onFreePort, type ServerProcess, serverFolder, startServer, unprivileged } from './server.ts';

export interface SlapdServer extends ServerProcess {
  readonly port: number;
  /** Speaks TLS from the first byte; only with a certificate. */
  readonly tlsPort: number;
}

export interface SlapdOptions {
  readonly password: string;
  /** Files that anybody may read. */
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** Further lines of slapd.conf, e.g. `disallow bind_anon`. */
  readonly configuration?: readonly string[];
}

export const SUFFIX = 'dc=shop,dc=test';
export const ADMIN = `cn=admin,${SUFFIX}`;

/** A real OpenLDAP server with one entry, its suffix. */
export async function startSlapd(ending: Ending, options: SlapdOptions): Promise<SlapdServer> {
  const program = requireProgram({ name: 'slapd', packages: ['slapd'], folders: ['/usr/sbin'] });
  const server = await onFreePort((port) => onFreePort((tlsPort) => launch(program, { port, tlsPort }, options)));
  ending.after(() => server.stop());
  return server;
}

async function launch(
  program: string,
  { port, tlsPort }: Pick<SlapdServer, 'port' | 'tlsPort'>,
  options: SlapdOptions,
): Promise<SlapdServer> {
  const folder = serverFolder('slapd');
  const configuration = path.join(folder, 'slapd.conf');
  writeFileSync(configuration, configurationOf(folder, options));
  const entry = `dn: ${SUFFIX}\nobjectClass: dcObject\nobjectClass: organization\ndc: shop\no: Shop\n`;
  const data = { input: entry, ...unprivileged() };
  execFileSync(program, ['-Tadd', '-f', configuration], data);
  const addresses = [`ldap://127.0.0.1:${port}`, ...(options.tls ? [`ldaps://127.0.0.1:${tlsPort}`] : [])];
  const server = await startServer({
    folder,
    program,
    argv: ['-f', configuration, '-h', addresses.join(' '), '-d', '0'],
    signal: 'SIGKILL',
    isReady: () => accepts(port),
  });
  return { ...server, port, tlsPort };
}

function configurationOf(folder: string, { password, tls, configuration = [] }: SlapdOptions): string {
  return [
    'include /etc/ldap/schema/core.schema',
    'modulepath /usr/lib/ldap',
    'moduleload back_mdb',
    ...(tls === undefined ? [] : [`TLSCertificateFile ${tls.certificate}`, `TLSCertificateKeyFile ${tls.key}`]),
    ...configuration,
    'database mdb',
    `suffix "${SUFFIX}"`,
    `rootdn "${ADMIN}"`,
    `rootpw ${password}`,
    `directory ${folder}`,
    '',
  ].join('\n');
}
