import { once } from 'node:events';
import { access, constants, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import type { HostFacts } from '../faces/cli/context.ts';
import { codeOf } from '../kernel/errors.ts';
import { type Config, readConfig, type Variables } from './config.ts';
import { isAnswered, socketPath } from './data-folder.ts';

/** Questions about this machine, for `doctor`. None of them changes anything. */
export function createHostFacts({ folder, variables }: { folder: string; variables: Variables }): HostFacts {
  const config = () => readConfig(variables, folder);
  return {
    nodeNeeded: '26.0.0',
    get publicUrl() {
      return config().publicUrl ?? undefined;
    },
    dataFolder: () => lookAtFolder(config().dataDir),
    port: () => lookAtPort(config()),
    database: async () => (await import('./database-facts.ts')).lookAtDatabase(config()),
  };
}

async function lookAtFolder(dataDir: string) {
  const existing = await nearestExisting(dataDir);
  const { bavail, bsize } = await statfs(existing);
  const cause = await access(existing, constants.W_OK).then(() => null, codeOf);
  return { path: dataDir, freeBytes: bavail * bsize, cause };
}

/** The folder is made at the first start; until then it is the one above that matters. */
async function nearestExisting(folder: string): Promise<string> {
  const isThere = await access(folder).then(
    () => true,
    () => false,
  );
  return isThere || folder === path.dirname(folder) ? folder : nearestExisting(path.dirname(folder));
}

async function lookAtPort({ host, port, dataDir }: Config) {
  const address = `${host}:${port}`;
  const probe = createServer();
  try {
    probe.listen(port, host);
    await once(probe, 'listening');
    return { address, holder: 'nobody' } as const;
  } catch {
    return { address, holder: (await isAnswered(socketPath(dataDir))) ? 'evenkeel' : 'another' } as const;
  } finally {
    probe.close();
  }
}
