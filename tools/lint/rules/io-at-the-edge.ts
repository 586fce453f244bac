import { defineRule } from '@oxlint/plugins';
import { isTest, placeOf } from '../floors.ts';
import { eachImport } from '../imports.ts';

const MODULES: Readonly<Record<string, string>> = {
  child_process: 'programs',
  cluster: 'processes',
  dgram: 'sockets',
  dns: 'names',
  fs: 'files',
  http: 'sockets',
  http2: 'sockets',
  https: 'sockets',
  net: 'sockets',
  sqlite: 'databases',
  tls: 'sockets',
  worker_threads: 'threads',
};

const EDGE = ['platform', 'faces', 'app'];

/**
 * Where data is kept is what these plug-ins are about: a store behind a port would be the plug-in twice. An engine has
 * a folder for what it needs beside its one file.
 */
const OWN_STORES: Readonly<Record<string, readonly string[]>> = {
  'backups/engines': ['fs', 'sqlite'],
  'backups/postgres': ['fs'],
  'backups/sqlite': ['fs', 'sqlite'],
  'backups/vaults': ['fs'],
};

/** Only the edge touches the world; there, policies and limits for every socket, file and program are in one place. */
export const ioAtTheEdge = defineRule({
  meta: { type: 'problem' },
  create(context) {
    const { floor, within } = placeOf(context.filename) ?? {};
    if (floor === undefined || within === undefined || EDGE.includes(floor) || isTest(context.filename)) return {};
    const allowed = OWN_STORES[`${floor}/${within.split('/')[0]}`] ?? [];
    return eachImport(({ node, source, isTypeOnly }) => {
      const [, name = ''] = /^node:(?<name>\w+)/.exec(source) ?? [];
      const what = MODULES[name];
      if (what === undefined || isTypeOnly || allowed.includes(name)) return;
      const message = `${floor}/ does no I/O: reach ${what} through a port of kernel/ that platform/ stands behind.`;
      context.report({ node, message });
    });
  },
});
