import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { planOf } from '../../../../test/support/import-plan.ts';
import { EvenkeelError } from '../../../kernel/errors.ts';
import { compose } from './index.ts';
import { publishedIn } from './ports.ts';

const plan = (services: string, top = 'name: shop\n') =>
  planOf(compose, 'shop/compose.yaml', { 'shop/compose.yaml': `${top}services:\n${services}` });

test('ports are read in every spelling, and only those that are known beforehand', () => {
  const ports = [
    '3000',
    '8080:80',
    '127.0.0.1:5433:5432',
    '[::1]:6380:6379',
    '${WEB_PORT:-8081}:80',
    '53:53/udp',
    '1:2:3:4',
    '9000-9010:9000-9010',
    { target: 443, published: '8443', host_ip: '0.0.0.0' },
    { target: 444 },
  ];
  assert.deepEqual(publishedIn({ ports }), [
    { host: '127.0.0.1', port: '8080', target: 80 },
    { host: '127.0.0.1', port: '5433', target: 5432 },
    { host: '[::1]', port: '6380', target: 6379 },
    { host: '127.0.0.1', port: '${WEB_PORT:-8081}', target: 80 },
    { host: '127.0.0.1', port: '8443', target: 443 },
  ]);
});

test('a server that is known by its image is asked in its own language', async () => {
  const { entries, secrets } = await plan(
    [
      '  db: { image: "registry.example:5000/library/postgres:16", ports: ["5433:5432"], environment: { POSTGRES_USER: app, POSTGRES_PASSWORD: "p@ss", POSTGRES_DB: shop } }',
      '  other: { image: mariadb, ports: ["3306:3306"], environment: ["MARIADB_ROOT_PASSWORD=$ROOT"] }',
      '  cache: { image: "valkey/valkey:8", ports: ["6379:6379"], command: "valkey-server --requirepass ${CACHE_PASSWORD}" }',
      '  queue: { image: rabbitmq, ports: ["5672:5672"], environment: { RABBITMQ_DEFAULT_USER: app, RABBITMQ_DEFAULT_PASS: hunter2 } }',
      '  documents: { image: mongo, ports: ["27017:27017"] }',
      '  bus: { image: nats, ports: ["4222:4222"] }',
      '  search: { image: elasticsearch, ports: ["9200:9200"], environment: { xpack.security.enabled: "false" } }',
      '  locked: { image: postgres, ports: ["5434:5432"], environment: { POSTGRES_PASSWORD_FILE: /run/secrets/db } }',
    ].join('\n'),
  );
  assert.deepEqual(entries, {
    db: { postgres: 'postgres://app:${COMPOSE_DB_PASSWORD}@127.0.0.1:5433/shop' },
    other: { mysql: 'mysql://root:${ROOT}@127.0.0.1:3306' },
    cache: { redis: 'redis://:${CACHE_PASSWORD}@127.0.0.1:6379' },
    queue: { rabbitmq: 'amqp://app:${COMPOSE_QUEUE_PASSWORD}@127.0.0.1:5672' },
    documents: { mongodb: 'mongodb://127.0.0.1:27017' },
    bus: { nats: 'nats://127.0.0.1:4222' },
    search: { elasticsearch: 'http://127.0.0.1:9200' },
    locked: { tcp: '127.0.0.1:5434' },
  });
  assert.deepEqual(secrets, { COMPOSE_DB_PASSWORD: 'p%40ss', COMPOSE_QUEUE_PASSWORD: 'hunter2' });
});

test('a program of the team is asked for the page its health check asks for', async () => {
  const { entries, notes } = await plan(
    [
      '  api: { build: ., ports: ["8080:8080", "9229:9229"], depends_on: [jobs], healthcheck: { test: "curl -f http://localhost:8080/health || exit 1" } }',
      '  web: { build: ., ports: ["${WEB_PORT}:80"], depends_on: { api: { condition: service_healthy } } }',
      '  secure: { build: ., ports: ["443:443"] }',
      '  ssh: { build: ., ports: ["2222:22"] }',
      '  jobs: { build: ., healthcheck: { test: [CMD, ./alive] } }',
      '  silent: { build: . }',
      '  off: { build: ., healthcheck: { disable: true } }',
      '  sometimes: { build: ., ports: ["80:80"], profiles: [debug] }',
    ].join('\n'),
  );
  assert.deepEqual(entries['api'], { http: 'http://127.0.0.1:8080/health', depends_on: ['jobs'] });
  assert.deepEqual(notes['api'], ['Its other ports are not watched: 9229.']);
  assert.deepEqual(entries['web'], { http: 'http://127.0.0.1:${WEB_PORT}/', depends_on: ['api'] });
  assert.deepEqual(entries['secure'], { http: 'https://127.0.0.1:443/' });
  assert.deepEqual(entries['ssh'], { tcp: '127.0.0.1:2222' });
  assert.deepEqual(entries['jobs'], { compose: 'jobs', project: 'shop' });
  for (const title of ['silent', 'off', 'sometimes']) assert.equal(typeof entries[title], 'string', title);
});

test('what the project is called comes from the file, the environment or the folder', async () => {
  const services = '  jobs: { build: ., healthcheck: { test: ./alive } }';
  assert.deepEqual((await plan(services, '')).entries['jobs'], { compose: 'jobs', project: 'shop' });
  const files = { 'compose.yaml': `services:\n${services}` };
  assert.match(String((await planOf(compose, '.', files)).entries['jobs']), /write `name:`/);
  const { entries } = await planOf(compose, '.', files, { variable: () => 'other' });
  assert.deepEqual(entries['jobs'], { compose: 'jobs', project: 'other' });
});

test('labels for AutoKuma say what is watched, instead of the ports', async () => {
  const { entries, from } = await plan(
    [
      '  web:',
      '    ports: ["80:80"]',
      '    labels:',
      '      kuma.shop.group.name: Shop',
      '      kuma.home.http.name: Home page',
      '      kuma.home.http.url: https://shop.example/?a=$$1',
      '      kuma.home.http.parent_name: shop',
      '      kuma.home.http.max_retries: "2"',
      '      kuma.home.http.accepted_statuscodes: 200-299, 301',
      '      kuma.odd.http.url: https://{{container_name}}',
      '      kuma.varied.http.url: https://$HOST',
      '      kuma.__web: "80"',
      '  cache:',
      '    labels: ["kuma.port.port.hostname=cache.example", "kuma.port.port.port=6379", "traefik.enable=true"]',
    ].join('\n'),
  );
  const home = Object(entries['Home page']);
  assert.equal(home.http, 'https://shop.example/?a=$1');
  assert.equal(home.confirm, 3);
  assert.deepEqual(Object(entries['Shop']).group, ['home-page']);
  assert.equal(Object(entries['port']).tcp, 'cache.example:6379');
  assert.equal(from['Home page'], 'shop/compose.yaml:5');
  for (const title of ['odd', 'varied', 'kuma.__web']) assert.equal(typeof entries[title], 'string', title);
  assert.equal(entries['web'], undefined);
});

test('no text makes it throw anything but that it cannot be read', async () => {
  const pieces = fc.constantFrom(
    '\n',
    '  ',
    'a: ',
    '- ',
    '{',
    '}',
    '[',
    ']',
    'ports: ',
    'image: postgres',
    'environment: ',
    'labels: ',
    'kuma.a.http.url: x',
    'healthcheck: ',
    'test: ',
    '"${A:-b}:80"',
    '${',
    '"',
    '*a',
    '&a ',
    'depends_on: ',
    ': ',
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(pieces, { maxLength: 30 }).map((each) => `services:\n${each.join('')}`),
  );
  await fc.assert(
    fc.asyncProperty(text, async (written) => {
      try {
        await planOf(compose, 'compose.yaml', { 'compose.yaml': written });
      } catch (error) {
        assert.ok(error instanceof EvenkeelError && error.code === 'IMPORT_UNREADABLE', String(error));
      }
    }),
    { numRuns: 500 },
  );
});
