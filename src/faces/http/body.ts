import type { FastifyRequest } from 'fastify';
import { errors } from './errors.ts';

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;

/** Every address that takes a body takes a JSON object; an empty one is an object without fields. */
export async function readBody(request: FastifyRequest, text: string | Buffer): Promise<unknown> {
  const { head } = request.routeOptions.config;
  if (head?.ignoresBody === true || text.length === 0) return {};
  if (head?.takesText === true) return { text: String(text) };
  return readObject(request, String(text));
}

function readObject({ headers }: FastifyRequest, text: string): unknown {
  if (!JSON_TYPE.test(headers['content-type'] ?? '')) throw errors.HTTP_BODY_NOT_JSON({});
  const value = parsed(text);
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
