import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type Clock, SECOND_MS } from '../../kernel/clock.ts';
import { codeOf } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import { type AuditSink, createAuditing } from './auditing.ts';
import { readBody } from './body.ts';
import { errors } from './errors.ts';
import { type GateDeps, installGate } from './gate.ts';
import type { Metrics } from './metrics.ts';
import { BODY_BYTES_MAX, refusalOf } from './refusal.ts';
import type { Reply, Route, RouteContext } from './route.ts';

export interface RouterOptions<Deps> {
  readonly routes: readonly Route<Deps>[];
  readonly deps: Deps;
  readonly gate: GateDeps;
  readonly audit: AuditSink;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly clock: Clock;
  readonly createServer: (handler: (request: IncomingMessage, response: ServerResponse) => void) => Server;
  readonly isClosing: () => boolean;
  /** Browsers are told to use https from now on; only right when they reach us by it. */
  readonly isHttps: boolean;
}

/** Long enough for the slowest answer, an export; headers and body of a request have shorter limits of their own. */
const HANDLER_DEADLINE_MS = 120 * SECOND_MS;

/** Fastify with our rules: who may ask, what a body is, how an answer and a refusal look, what is written down. */
export async function createRouter<Deps>(options: RouterOptions<Deps>): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    handlerTimeout: HANDLER_DEADLINE_MS,
    serverFactory: (handler) => options.createServer(handler),
    // A path that cannot be decoded never reaches the hooks; it is answered like everything else that is unknown.
    frameworkErrors: (error, request, reply) => sendRefusal(options, { thrown: error, request, reply }),
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
    // Input is judged by the routes' own schemas. Left out, Fastify would load two compilers that nobody asks.
    schemaController: { compilersFactory: { buildValidator: refuseSchema, buildSerializer: refuseSchema } },
  });
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    // Of the names below ours others decide: a year of https for all of them is not ours to order.
    hsts: options.isHttps && { includeSubDomains: false },
  });
  await app.register(rateLimit, { global: false });

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, readBody);
  installGate(app, options.gate);
  installObservation(app, options);
  for (const route of options.routes) addRoute(app, route, options.deps);
  await app.ready();
  return app;
}

function refuseSchema(): never {
  throw new Error('A route describes its input by `input`, not by a schema of Fastify.');
}

function addRoute<Deps>(app: FastifyInstance, route: Route<Deps>, deps: Deps): void {
  const { handle, ...head } = route;
  app.route({
    method: route.method,
    url: route.path,
    config: { head },
    async handler(request, reply) {
      const context: RouteContext<Deps> = { actor: request.actor, deps };
      send(reply, await handle(inputOf(request), context));
      return reply;
    },
  });
}

function inputOf({ body, query, params }: FastifyRequest): unknown {
  return { ...Object(body), ...Object(query), ...Object(params) };
}

function send(reply: FastifyReply, { status, body, type, subject }: Reply): void {
  reply.auditSubject = subject ?? null;
  reply.code(status);
  reply.type(type ?? 'application/json; charset=utf-8');
  // Fastify passes strings and streams on; under any other media type it would not know how to write an object.
  reply.send(typeof body === 'object' && body !== null && !('pipe' in body) ? JSON.stringify(body) : body);
}

declare module 'fastify' {
  interface FastifyReply {
    auditSubject: string | null;
    /** The error code of a refusal. */
    refusedWith: string | null;
  }
}

function installObservation<Deps>(app: FastifyInstance, options: RouterOptions<Deps>): void {
  const record = createAuditing(options);
  app.decorateReply('auditSubject', null);
  app.decorateReply('refusedWith', null);

  app.setErrorHandler((thrown, request, reply) => sendRefusal(options, { thrown, request, reply }));
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    const thrown = errors.HTTP_ROUTE_UNKNOWN({ method: request.method, path: path.slice(0, PATH_CHARS_MAX) });
    return sendRefusal(options, { thrown, request, reply });
  });
  app.addHook('onSend', async (request, reply) => {
    await record(request, reply);
    reply.header('cache-control', 'no-store');
    reply.header('x-request-id', request.id);
    if (options.isClosing()) reply.header('connection', 'close');
  });
  app.addHook('onResponse', async ({ method, routeOptions }, { statusCode: status, elapsedTime }) => {
    options.metrics.observeRequest({
      method,
      route: routeOptions.config.head?.path ?? 'unknown',
      status,
      seconds: elapsedTime / SECOND_MS,
    });
  });
}

const PATH_CHARS_MAX = 100;

interface Thrown {
  readonly thrown: unknown;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

function sendRefusal({ log }: { readonly log: Log }, { thrown, request, reply }: Thrown): void {
  const { status, body, isDefect } = refusalOf(thrown, request.id);
  if (isDefect) {
    const route = request.routeOptions.config.head?.path ?? 'unknown';
    log.error('A request met a defect', { request: request.id, method: request.method, route, error: thrown });
  }
  reply.refusedWith = isDefect ? codeOf(thrown) : body.error.code;
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(body));
}
