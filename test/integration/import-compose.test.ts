import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tryImport } from '../support/import-trial.ts';

const COMPOSE = `
name: shop
x-usual: &usual
  restart: unless-stopped
services:
  web:
    <<: *usual
    build: ./web
    ports: ["\${WEB_PORT:-8080}:80"]
    depends_on: [api]
  api:
    <<: *usual
    build: ./api
    ports: ["127.0.0.1:3000:3000"]
    depends_on: { db: { condition: service_healthy } }
    healthcheck: { test: [CMD, curl, -f, "http://localhost:3000/health"], interval: 10s }
  worker: { build: ./worker, healthcheck: { test: ./alive } }
  db:
    image: postgres:16
    ports: ["5433:5432"]
    environment: { POSTGRES_USER: app, POSTGRES_PASSWORD: "\${DB_PASSWORD}", POSTGRES_DB: shop }
  cache: { image: "redis:7", ports: ["6379:6379"], command: redis-server --requirepass hunter2 }
  queue: { image: rabbitmq, ports: ["5672:5672"], environment: ["RABBITMQ_DEFAULT_USER=\${NOBODY_SET_THIS}", RABBITMQ_DEFAULT_PASS=guest] }
  labelled:
    image: nginx
    labels:
      kuma.home.http.name: Home page
      kuma.home.http.url: https://shop.example/
      kuma.home.http.interval: "30"
  silent: { build: ./silent }
`;

test('a compose file moves in with one command, and a second run changes nothing', async (t) => {
  const { manifest, left, text } = await tryImport(
    t,
    { 'shop/docker-compose.yml': COMPOSE },
    { source: 'compose', where: 'shop', variables: { DB_PASSWORD: 'a-password-of-the-shop' } },
  );
  const { monitors = {} } = manifest.manifest;
  assert.deepEqual(Object.keys(monitors), ['web', 'api', 'worker', 'db', 'cache', 'home-page']);
  assert.deepEqual(monitors['web']?.depends_on, ['api']);
  assert.deepEqual(monitors['api']?.depends_on, ['db']);
  assert.deepEqual(Object.keys(left), ['queue', 'silent']);
  assert.match(left['queue'] ?? '', /^shop\/docker-compose\.yml:\d+ .*NOBODY_SET_THIS is not set/);
  const part = text('evenkeel.d/imported-compose.yaml');
  assert.match(part, /http:\/\/127\.0\.0\.1:\$\{WEB_PORT:-8080\}\//);
  assert.match(part, /postgres:\/\/app:\$\{DB_PASSWORD\}@127\.0\.0\.1:5433\/shop/);
  for (const secret of ['hunter2', 'a-password-of-the-shop']) assert.ok(!part.includes(secret));
  assert.match(text('.env'), /^COMPOSE_CACHE_PASSWORD='hunter2'$/m);
  assert.doesNotMatch(text('.env'), /a-password-of-the-shop/);
});
