import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Identity } from '../../identity/index.ts';
import { type Clock, SECOND_MS } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { ClientOf } from './client-address.ts';
import { isDoneWithin } from './deadline.ts';
import { DEFAULT_LIMITS, type Limits } from './gate.ts';
import { createHealth, type HealthDeps } from './health.ts';
import {
  CONNECTION_LIMITS,
  type ConnectionLimits,
  closed,
  createHttpServer,
  listenOnPort,
  listenOnSocket,
} from './listeners.ts';
import { createMetrics, type GaugeSource } from './metrics.ts';
import { openApiDocument } from './openapi.ts';
import { createRouter } from './router.ts';
import { type RouteDeps, routes } from './routes/index.ts';
import type { Snapshots } from './snapshots.ts';

/** What the routes ask of the areas. The rest of their dependencies is made here. */
export type HttpFaceDeps = Omit<RouteDeps, 'health' | 'metrics' | 'openApi' | 'identity'> &
  Pick<HealthDeps, 'database' | 'lifecycle'> & { readonly identity: Identity };

export interface HttpFaceOptions {
  readonly deps: HttpFaceDeps;
  readonly clock: Clock;
  readonly log: Log;
  readonly snapshots?: Snapshots;
  /** More numbers for `/metrics`. */
  readonly gauges?: readonly GaugeSource[];
  /** Shared with the public page, so that both count the same clients: `createClientOf(trustedProxies)`. */
  readonly clientOf: ClientOf;
  /** True when the public address begins with https: browsers are then told to insist on it. */
  readonly isHttps?: boolean;
  readonly limits?: Partial<Limits>;
  readonly connectionLimits?: Partial<ConnectionLimits>;
}

export interface HttpFace {
  /** Resolves with the port, which is a free one for `port: 0`. Rejects with `HTTP_PORT_TAKEN`. */
  listen(address: { readonly host: string; readonly port: number }): Promise<number>;
  /** A socket only this user can open, where everybody is the owner. Rejects with `HTTP_SOCKET_TAKEN`. */
  listenSocket(path: string): Promise<void>;
  /** Accepts nothing new and lets what runs finish, but not for longer than ten seconds. */
  close(): Promise<void>;
}

const CLOSE_DEADLINE_MS = 10 * SECOND_MS;

export async function createHttpFace(options: HttpFaceOptions): Promise<HttpFace> {
  const { deps, clock, log, snapshots, clientOf } = options;
  const connectionLimits = { ...CONNECTION_LIMITS, ...options.connectionLimits };
  const adminRequests = new WeakSet<IncomingMessage>();
  const servers: Server[] = [];
  let isClosing = false;

  const metrics = createMetrics({ ...deps, gauges: options.gauges ?? [], log });
  const router = await createRouter<RouteDeps>({
    routes,
    deps: {
      ...deps,
      metrics,
      health: createHealth({ ...deps, isManifestRejected: () => deps.manifest.status().rejected !== null }),
      openApi: memoized(() => openApiDocument(routes, deps.self().version)),
    },
    gate: {
      identity: deps.identity,
      clientOf,
      isAdmin: (request) => adminRequests.has(request),
      limits: { ...DEFAULT_LIMITS, ...options.limits },
    },
    audit: deps.identity.audit,
    metrics,
    log,
    clock,
    isHttps: options.isHttps ?? false,
    isClosing: () => isClosing,
    createServer: (handle) =>
      open((request, response) => void (isSnapshot(request, response) || handle(request, response))),
  });

  function open(handler: (request: IncomingMessage, response: ServerResponse) => void): Server {
    const server = createHttpServer(connectionLimits, handler);
    servers.push(server);
    return server;
  }

  function isSnapshot(request: IncomingMessage, response: ServerResponse): boolean {
    return snapshots?.answer(request, response) ?? false;
  }

  return {
    async listen({ host, port }) {
      const { port: taken } = await listenOnPort(router.server, host, port);
      return taken;
    },
    async listenSocket(path) {
      const server = open((request, response) => {
        adminRequests.add(request);
        router.routing(request, response);
      });
      await listenOnSocket(server, path);
    },
    async close() {
      isClosing = true;
      const allClosed = Promise.all(servers.map(closed));
      if (!(await isDoneWithin(clock, CLOSE_DEADLINE_MS, allClosed))) {
        log.warn('Requests were cut off because the server had to stop', { afterMs: CLOSE_DEADLINE_MS });
        for (const server of servers) server.closeAllConnections();
      }
      await router.close();
    },
  };
}

function memoized<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
