import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOpen } from './access.ts';
import { accessMatrix } from './access-matrix.ts';
import { openApiDocument } from './openapi.ts';
import { routes } from './routes/index.ts';

interface Document {
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly operationId: string;
  readonly security: readonly object[];
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: { required: string[] } }>> };
}

const document = openApiDocument(routes, '1.2.3') as Document;
const operations = Object.values(document.paths).flatMap((path) => Object.values(path));

test('every route is in the document, under a name of its own', () => {
  assert.equal(operations.length, routes.length);
  assert.equal(new Set(operations.map(({ operationId }) => operationId)).size, routes.length);
});

test('every reference in the document leads somewhere', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"(?<target>[^"]+)"/g)];

  assert.ok(references.length > 20);
  for (const { groups } of references) {
    const name = groups?.['target']?.replace('#/components/schemas/', '') ?? '';
    assert.ok(Object.hasOwn(document.components.schemas, name), name);
  }
});

test('only public routes need no token', () => {
  const open = routes.filter(isOpen).length;

  assert.equal(operations.filter(({ security }) => security.length === 0).length, open);
});

test('parameters are told apart from bodies', () => {
  const show = document.paths['/api/v1/monitors/{name}']?.['get'];
  const create = document.paths['/api/v1/tokens']?.['post'];

  assert.deepEqual(
    show?.parameters.map((each) => [each.name, each.in, each.required]),
    [
      ['name', 'path', true],
      ['days', 'query', false],
    ],
  );
  assert.deepEqual(create?.parameters, []);
  assert.deepEqual(create?.requestBody?.content['application/json']?.schema.required, ['name']);
});

test('a body of mere text is told apart from what stands in the address', () => {
  const ping = document.paths['/ping/{key}']?.['post'];

  assert.deepEqual(
    ping?.parameters.map((each) => [each.name, each.in]),
    [
      ['key', 'path'],
      ['rid', 'query'],
    ],
  );
  assert.deepEqual(Object.keys(ping?.requestBody?.content ?? {}), ['text/plain']);
});

test('the access matrix has a line for each route and says yes from its role upwards', () => {
  const lines = accessMatrix(routes).trimEnd().split('\n');

  assert.equal(lines.length, routes.length + 2);
  const reload = lines.find((line) => line.includes('POST /api/v1/manifest/reload'));
  assert.match(reload ?? '', /\| – \| – \| – \| yes \| yes \|$/);
});

test('no two routes share a method and an address', () => {
  const addresses = routes.map(({ method, path }) => `${method} ${path}`);

  assert.equal(new Set(addresses).size, routes.length);
});
