import * as z from 'zod';
import { isOpen } from './access.ts';
import { ErrorView } from './answers.ts';
import type { RouteHead } from './route.ts';

interface Schema {
  readonly properties?: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
}

/** The OpenAPI 3.1 document, made of the routes alone: what is not a route cannot be documented, and the reverse. */
export function openApiDocument(routes: readonly RouteHead[], version: string): object {
  const schemas: Record<string, object> = {};
  const describe: Describe = (schema, io) => {
    const { own, shared } = jsonSchemaOf(schema, io);
    Object.assign(schemas, shared);
    return own;
  };
  describe(ErrorView, 'output');
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = (paths[route.path.replaceAll(/:(?<name>\w+)/g, '{$<name>}')] ??= {});
    path[route.method.toLowerCase()] = operationOf(route, describe);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Evenkeel',
      version,
      description: 'Watches one application and shows its state. Times are ISO 8601 in UTC, durations milliseconds.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'ek_api_…' } },
      schemas,
    },
    paths,
  };
}

function operationOf(route: RouteHead, describe: Describe): object {
  const { path, role, summary } = route;
  const schema = describe(route.input, 'input');
  const inPath = namesIn(path);
  const others = Object.keys(schema.properties ?? {}).filter((name) => !inPath.includes(name));
  const inBody = bodyNames(route, others);
  return {
    operationId: operationId(route),
    summary,
    tags: [path.split('/').find((part) => part !== '' && part !== 'api' && part !== 'v1')],
    // The role is ours; OpenAPI has no word for it.
    'x-role': role,
    security: isOpen(route) ? [] : [{ token: [] }],
    parameters: [
      ...inPath.map((name) => parameter(schema, name, 'path')),
      ...others.filter((name) => !inBody.includes(name)).map((name) => parameter(schema, name, 'query')),
    ],
    ...(inBody.length > 0 && { requestBody: bodyOf(schema, inBody, route) }),
    responses: responsesOf(route, describe),
  };
}

/** Where the input has the body of a route that takes text. */
const TEXT = 'text';

function bodyNames({ method, takesText, ignoresBody }: RouteHead, names: readonly string[]): readonly string[] {
  if (method !== 'POST' || ignoresBody === true) return [];
  return takesText === true ? [TEXT] : names;
}

function parameter({ properties, required }: Schema, name: string, place: 'path' | 'query'): object {
  const isRequired = place === 'path' || (required?.includes(name) ?? false);
  return { name, in: place, required: isRequired, schema: properties?.[name] ?? {} };
}

function bodyOf({ properties = {}, required = [] }: Schema, names: readonly string[], route: RouteHead): object {
  if (route.takesText === true)
    return { required: false, content: { 'text/plain': { schema: properties[TEXT] ?? {} } } };
  const schema = {
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, properties[name]])),
    required: required.filter((name) => names.includes(name)),
    additionalProperties: false,
  };
  return { required: schema.required.length > 0, content: { 'application/json': { schema } } };
}

function responsesOf(route: RouteHead, describe: Describe): object {
  const { role, answer, type = 'application/json', isForProbes } = route;
  const needed = isForProbes === true ? 'the token of a probe' : `the role ${role}`;
  const refusal = { content: { 'application/json': { schema: { $ref: '#/components/schemas/ErrorView' } } } };
  const [mediaType = type] = type.split(';');
  return {
    '2XX': { description: 'Done.', content: { [mediaType]: { schema: describe(answer, 'output') } } },
    ...(isOpen(route) ? {} : { 401: { description: 'No valid token.', ...refusal } }),
    ...(isOpen(route) ? {} : { 403: { description: `Needs ${needed}.`, ...refusal } }),
    429: { description: 'Too many requests; Retry-After says how long to wait.', ...refusal },
    default: { description: 'Refused or failed.', ...refusal },
  };
}

function namesIn(path: string): string[] {
  return [...path.matchAll(/:(?<name>\w+)/g)].map((match) => match.groups?.['name'] ?? '');
}

/** `POST /api/v1/monitors/:name/run` is `postMonitorsNameRun`. */
function operationId({ method, path }: RouteHead): string {
  const words = path.replace(/^\/api\/v1/, '').split(/\W+/);
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

type Describe = (schema: z.ZodType, io: 'input' | 'output') => Schema;

interface JsonSchema {
  readonly own: Schema;
  /** By name: schemas that have one, used here or further inside. */
  readonly shared: Readonly<Record<string, object>>;
}

/** A stream has no JSON Schema; it is described as anything. */
function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      // `format` says it already; the pattern behind it is 300 characters long.
      if (jsonSchema.format === 'date-time' || jsonSchema.format === 'date') delete jsonSchema.pattern;
    },
  });
  const text = JSON.stringify(json).replaceAll('"#/$defs/', '"#/components/schemas/');
  const { $defs: shared = {}, ...own } = JSON.parse(text);
  return { own, shared };
}
