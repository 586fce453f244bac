import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuditOutcome, AuditTrail } from '../../identity/index.ts';
import { type Clock, MINUTE_MS } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';

export type AuditSink = Pick<AuditTrail, 'note'>;

export interface AuditingDeps {
  readonly audit: AuditSink;
  readonly clock: Clock;
  readonly log: Log;
}

/** Strangers could fill the disk by being refused; beyond this many a minute they are only counted. */
const STRANGERS_PER_MINUTE = 60;

/** Writes down what the API was asked to change, and everything it refused, before the answer leaves. */
export function createAuditing({ audit, clock, log }: AuditingDeps) {
  const mayNoteStranger = createAllowance(clock, STRANGERS_PER_MINUTE, (left) =>
    log.warn('More strangers were refused than the audit trail records', { unrecorded: left }),
  );

  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const outcome = outcomeToRecord(request, reply);
    if (outcome === undefined) return;
    if (request.actor.role === 'public' && !mayNoteStranger()) return;
    const { head } = request.routeOptions.config;
    const subject = reply.auditSubject ?? namedIn(request);
    try {
      await audit.note({
        actor: request.actor,
        action: `${request.method} ${head?.path ?? 'unknown'}`,
        outcome,
        ...(subject === undefined ? {} : { subject }),
        ...(reply.refusedWith === null ? {} : { detail: reply.refusedWith }),
      });
    } catch (error) {
      // What was done is done; an answer that denies it would only be a second mistake.
      log.error('The audit trail could not be written', { error });
    }
  };
}

/** What people do to themselves, such as asking for what is not there, is not worth a line. */
function outcomeToRecord({ method, routeOptions }: FastifyRequest, reply: FastifyReply): AuditOutcome | undefined {
  const { statusCode } = reply;
  const { head } = routeOptions.config;
  if (statusCode === 401 || statusCode === 403) return 'refused';
  const isChange = head !== undefined && head.role !== 'public' && method !== 'GET' && method !== 'HEAD';
  if (!isChange) return undefined;
  return statusCode < 400 ? 'done' : 'failed';
}

/** Only names and ids: the key of a ping address is a secret. */
function namedIn({ params }: FastifyRequest): string | undefined {
  const { id, name } = Object(params);
  const named: unknown = id ?? name;
  return typeof named === 'string' ? named : undefined;
}

/** True up to `max` times in each minute; `report` hears how many were left out when the next minute begins. */
function createAllowance(clock: Clock, max: number, report: (left: number) => void): () => boolean {
  let minute = 0;
  let count = 0;
  return () => {
    const current = Math.floor(clock.now() / MINUTE_MS);
    if (current !== minute) {
      if (count > max) report(count - max);
      minute = current;
      count = 0;
    }
    count += 1;
    return count <= max;
  };
}
