import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Status } from '../../status/index.ts';
import { createRateLimit } from './rate-limit.ts';
import { createSite } from './site.ts';
import { createSnapshots, type Snapshots } from './snapshots.ts';

export interface PublicFaceDeps {
  readonly status: Status;
  readonly clock: Clock;
  readonly log: Log;
  readonly addressOf: (request: IncomingMessage) => string;
  /** True when the public address begins with https: browsers are then told to insist on it. */
  readonly isHttps?: boolean;
}

/** A household or an office behind one address still gets through; a loop does not. */
const LIMIT = { burst: 60, perSecond: 10, clientsMax: 20_000 } as const;

/** The public page, ready to be put before the API. Call `refresh` at the start and whenever something changed. */
export function createPublicFace({ status, clock, log, addressOf, isHttps = false }: PublicFaceDeps): Snapshots {
  const limit = createRateLimit({ clock, ...LIMIT });
  return createSnapshots({ render: createSite({ status, clock }), limit, addressOf, log, isHttps });
}
