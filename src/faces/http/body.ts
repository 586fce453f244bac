import type { FastifyRequest } from 'fastify';
import { errors } from './errors.ts';

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;

/** Every address that takes a body takes a JSON object; an empty one is an object without fields. */
export async function readBody(request: FastifyRequest, text: string | Buffer): Promise<unknown> {
  if (request.routeOptions.config.head?.ignoresBody === true || text.length === 0) return {};
  if (!JSON_TYPE.test(request.headers['content-type'] ?? '')) throw errors.HTTP_BODY_NOT_JSON({});
  const value = parsed(String(text));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw errors.HTTP_BODY_NOT_JSON({});
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw errors.HTTP_BODY_NOT_JSON({}, { cause });
  }
}
