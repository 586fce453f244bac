import { once } from 'node:events';
import { createServer } from 'node:net';
import type { HostFacts, HostNeeds } from '../faces/cli/context.ts';
import { type Config, readConfig, type Variables } from './config.ts';
import { isAnswered, socketPath } from './data-folder.ts';
import { lookAtFolder } from './folder-facts.ts';

/** Questions about this machine, for `doctor`. None of them changes anything. */
export function createHostFacts({ folder, variables }: { folder: string; variables: Variables }): HostFacts {
  const config = () => readConfig(variables, folder);
  let needs: Promise<HostNeeds> | undefined;
  return {
    nodeNeeded: '26.0.0',
    get publicUrl() {
      return config().publicUrl ?? undefined;
    },
    async dataFolder() {
      const { dataDir } = config();
      return { path: dataDir, ...(await lookAtFolder(dataDir)) };
    },
    port: () => lookAtPort(config()),
    database: async () => (await import('./database-facts.ts')).lookAtDatabase(config()),
    // Several checks ask; the manifest is read once.
    needs: () => (needs ??= lookAtNeeds()),
  };

  async function lookAtNeeds(): Promise<HostNeeds> {
    return (await import('./host-needs.ts')).hostNeeds(config(), variables);
  }
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
