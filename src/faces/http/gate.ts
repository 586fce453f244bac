import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../../contracts/roles.ts';
import { NOBODY } from '../../contracts/roles.ts';
import type { Identity } from '../../identity/index.ts';
import { MINUTE_MS, SECOND_MS } from '../../kernel/clock.ts';
import { ADMIN_SOCKET, demandAccess } from './access.ts';
import type { ClientOf } from './client-address.ts';
import { errors } from './errors.ts';
import type { LimitName, RouteHead } from './route.ts';

/** Requests a minute for each token, or for each client address without one. */
export type Limits = Readonly<Record<LimitName, number>>;

export const DEFAULT_LIMITS: Limits = { api: 600, health: 600, ping: 300 };

export interface GateDeps {
  readonly identity: Pick<Identity, 'authenticate'>;
  readonly clientOf: ClientOf;
  readonly isAdmin: (request: IncomingMessage) => boolean;
  readonly limits: Limits;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is asking; `NOBODY` until the gate knows better. */
    actor: Actor;
  }
  interface FastifyContextConfig {
    /** Missing where there is no route. */
    head?: RouteHead;
  }
}

type Limiter = ReturnType<FastifyInstance['createRateLimit']>;

/**
 * Decides about every request before its body is read: who is it, has it asked too often, may it. In this order,
 * because valid tokens are counted by themselves, and wrong ones against the address they come from.
 */
export function installGate(app: FastifyInstance, { identity, clientOf, isAdmin, limits }: GateDeps): void {
  const countedAs = ({ actor, raw }: FastifyRequest) => actor.tokenId ?? clientOf(raw);
  const limiter = (max: number) => app.createRateLimit({ max, timeWindow: MINUTE_MS, keyGenerator: countedAs });
  const limiters: Readonly<Record<LimitName, Limiter>> = {
    api: limiter(limits.api),
    health: limiter(limits.health),
    ping: limiter(limits.ping),
  };

  app.decorateRequest('actor');
  app.addHook('onRequest', async (request, reply) => {
    request.actor = NOBODY;
    const { head } = request.routeOptions.config;
    if (isAdmin(request.raw)) {
      request.actor = ADMIN_SOCKET;
      if (head?.isForProbes === true) demandAccess(ADMIN_SOCKET, head);
      return;
    }
    const who = await identified(identity, request.headers.authorization);
    if (who.actor !== undefined) request.actor = who.actor;
    await count(limiters[head?.limit ?? 'api'], request, reply);
    if (who.refusal !== undefined) throw who.refusal;
    if (head !== undefined) demandAccess(request.actor, head);
  });
}

interface Identified {
  readonly actor?: Actor;
  readonly refusal?: Error;
}

/** A refusal is kept for later: first the attempt has to be counted. */
async function identified(identity: GateDeps['identity'], header: string | undefined): Promise<Identified> {
  try {
    return { actor: await identity.authenticate(header) };
  } catch (error) {
    return { refusal: error instanceof Error ? error : new Error('Nobody could be identified.', { cause: error }) };
  }
}

async function count(limiter: Limiter, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const verdict = await limiter(request);
  if (verdict.isAllowed || !verdict.isExceeded) return;
  reply.header('retry-after', verdict.ttlInSeconds);
  throw errors.HTTP_TOO_MANY_REQUESTS({ max: verdict.max, seconds: verdict.timeWindow / SECOND_MS });
}
