import type { Engine } from '../contracts/database.ts';
import type { SelfFacts } from '../faces/http/index.ts';
import type { Config } from './config.ts';
import { VERSION } from './version.ts';

export interface SelfSettings {
  readonly config: Pick<Config, 'dataDir'>;
  readonly engine: Engine;
  readonly environment: string;
  readonly startedAt: number;
}

export function createSelf({ config, engine, environment, startedAt }: SelfSettings): () => SelfFacts {
  return () => ({
    version: VERSION,
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    engine,
    dataFolder: config.dataDir,
    environment,
    processId: process.pid,
    startedAt,
    memoryBytes: process.memoryUsage.rss(),
  });
}
