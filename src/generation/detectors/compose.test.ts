import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryFiles } from '../../../test/support/memory-files.ts';
import { viewProject } from '../project-view.ts';
import { compose } from './compose.ts';

const PORTS: readonly (readonly [written: string, port: number | null])[] = [
  ['"8080:80"', 8080],
  ['"127.0.0.1:8080:80/tcp"', 8080],
  ['"[::1]:8080:80"', 8080],
  ['"${HTTP_PORT:-8080}:80"', 8080],
  ['"8080-8090:80-90"', 8080],
  ['{ target: 80, published: 8080 }', 8080],
  ['{ target: 80, published: "${HTTP_PORT:-8080}" }', 8080],
  ['"80"', null],
  ['80', null],
  ['"${HTTP_PORT}:80"', null],
  ['"99999:80"', null],
  ['{ target: 80 }', null],
];

for (const [written, port] of PORTS) {
  test(`the published port of ${written} is ${port}`, async () => {
    const facts = await factsOf(`services:\n  web:\n    build: .\n    ports: [${written}]\n`);

    assert.deepEqual(
      facts.filter(({ kind }) => kind === 'port'),
      [{ kind: 'port', port, protocol: 'http' }],
    );
  });
}

const TESTS = [
  '["CMD", "curl", "-f", "http://localhost:8000/api/health"]',
  '["CMD-SHELL", "wget -qO- http://127.0.0.1/api/health || exit 1"]',
  'curl --fail http://web:${PORT}/api/health',
];

for (const written of TESTS) {
  test(`the health check ${written} names a path`, async () => {
    const facts = await factsOf(
      `services:\n  web:\n    build: .\n    healthcheck: { test: ${JSON.stringify(written)} }\n`,
    );

    assert.deepEqual(
      facts.filter(({ kind }) => kind === 'health'),
      [{ kind: 'health', path: '/api/health' }],
    );
  });
}

test('a service that others wait for to end is no service to watch', async () => {
  const facts = await factsOf(
    'services:\n  web: { build: ., depends_on: { migrate: { condition: service_completed_successfully } } }\n',
  );

  assert.deepEqual(facts.at(-1), { kind: 'once' });
});

test('anchors, merge keys and odd values of other keys do no harm', async () => {
  const facts = await factsOf(
    'x-base: &base { image: "postgres:16" }\nservices:\n  db:\n    <<: *base\n    ports: 5432\n    depends_on: 7\n',
  );

  assert.deepEqual(
    facts.map(({ kind }) => kind),
    ['part', 'engine', 'port'],
  );
});

async function factsOf(text: string) {
  const view = await viewProject(memoryFiles({ '/project/compose.yaml': text }), '/project');
  return (await compose.detect(view)).map(({ fact }) => fact);
}
