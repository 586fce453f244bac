import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Service } from '../contracts/app-model.ts';
import { MINUTE_MS, SECOND_MS } from '../kernel/clock.ts';
import { Secret } from '../kernel/secret.ts';
import { monitorsOf } from './monitors-of.ts';
import { monitorsSchema } from './section.ts';
import { monitorTypes } from './types/index.ts';

await monitorTypes.loadAll();

const ADDRESSES: readonly { url: string; health?: string; type: string; target: string }[] = [
  { url: 'https://shop.example', type: 'http', target: 'shop.example' },
  { url: 'https://api.shop.example/v1/', health: '/health', type: 'http', target: 'api.shop.example/health' },
  { url: 'postgres://app:hunter2@db:5432/shop', type: 'postgres', target: 'db:5432' },
  { url: 'redis://cache:6379', type: 'redis', target: 'cache:6379' },
  { url: 'wss://live.example/socket?token=hush', type: 'websocket', target: 'live.example/socket' },
  { url: 'tcp://mail.example:25', type: 'tcp', target: 'mail.example:25' },
];

describe('what is watched', () => {
  for (const { url, health = null, type, target } of ADDRESSES) {
    test(`a service at ${new URL(url).protocol}//… is watched as ${type} without being listed [MON-01/R]`, () => {
      const { monitors } = monitorsOf(model(service({ url: new Secret(url), health })), NOTHING);

      assert.deepEqual(
        monitors.map((monitor) => [monitor.name, monitor.type]),
        [['api', type]],
      );
      const shown = monitorTypes.get(type).target(monitors[0]?.settings);
      assert.ok(shown.startsWith(target), shown);
      assert.doesNotMatch(shown, /hunter2/);
    });
  }

  test('a service without an address is not watched, and that is no problem', () => {
    const plan = monitorsOf(model(service({ source: './worker' })), NOTHING);

    assert.deepEqual(plan, { monitors: [], unwatched: [] });
  });

  test('a database in a file is not watched, and that is no problem', () => {
    const file = service({ engine: 'sqlite', url: new Secret('sqlite:./data/shop.db') });

    assert.deepEqual(monitorsOf(model(file), NOTHING), { monitors: [], unwatched: [] });
  });

  test('a service that this version has no monitor type for is named', () => {
    const bucket = service({ engine: 's3', url: new Secret('https://s3.example') });

    const { monitors, unwatched } = monitorsOf(model(bucket), NOTHING);

    assert.deepEqual(monitors, []);
    assert.match(unwatched[0]?.reason ?? '', /s3/);
  });

  test('a server that speaks HTTP is asked in the words of its engine', () => {
    const typeOf = (engine: string) =>
      monitorsOf(model(service({ engine, url: new Secret('https://db.example') })), NOTHING).monitors[0]?.type;

    assert.equal(typeOf('clickhouse'), 'clickhouse');
    assert.equal(typeOf('opensearch'), 'elasticsearch');
    assert.equal(typeOf('qdrant'), 'vectors');
    assert.equal(typeOf('constructor'), undefined);
  });

  test('a check runs every minute unless the file says otherwise, well within five minutes [MON-02/R]', () => {
    const { monitors } = monitorsOf(model(service({ url: new Secret('https://shop.example') })), NOTHING);

    assert.equal(monitors[0]?.intervalMs, MINUTE_MS);
    assert.ok((monitors[0]?.intervalMs ?? 0) <= 5 * MINUTE_MS);
  });

  test('a check never takes longer than the time until the next one', () => {
    const timing = { api: { every: SECOND_MS } };

    const { monitors } = monitorsOf(model(service({ url: new Secret('https://shop.example') })), {
      monitors: {},
      services: timing,
    });

    assert.equal(monitors[0]?.timeoutMs, SECOND_MS);
  });

  test('an entry keeps the settings of its type apart from those that every monitor has', () => {
    const written = {
      checkout: { http: 'https://shop.example/checkout', every: '30s', confirm: 3, depends_on: ['api'] },
    };
    const entries = monitorsSchema().parse(written) ?? {};

    const [monitor] = monitorsOf(model(), { monitors: entries, services: {} }).monitors;

    assert.partialDeepStrictEqual(monitor, { name: 'checkout', type: 'http', intervalMs: 30_000, dependsOn: ['api'] });
    assert.deepEqual(monitor?.confirm, { down: 3, up: 1 });
    assert.ok(!Object.hasOwn(Object(monitor?.settings), 'every'));
  });

  test('a late heartbeat is late at once, and looked for more often', () => {
    const entries = monitorsSchema().parse({ nightly: { heartbeat: '0 3 * * *', grace: '30m' } }) ?? {};

    const [monitor] = monitorsOf(model(), { monitors: entries, services: {} }).monitors;

    assert.deepEqual(monitor?.confirm, { down: 1, up: 1 });
    assert.equal(monitor?.intervalMs, 15 * SECOND_MS);
  });
});

const NOTHING = { monitors: {}, services: {} };

function model(...services: readonly Service[]) {
  return { app: 'shop', environment: 'live', environments: ['live'], services };
}

function service(changes: Partial<Service>): Service {
  const nothing = { description: null, was: [], source: null, engine: null, url: null, health: null, dependsOn: [] };
  return { name: 'api', ...nothing, ...changes };
}

describe('from where it is checked', () => {
  test('is here unless the file says otherwise', () => {
    const entries = { home: { http: 'https://a', locations: ['here', 'fra'] }, mail: { tcp: 'a:1' } };
    const settings = { monitors: parsed(entries), services: { api: { locations: ['nyc'] } } };
    const { monitors } = monitorsOf(model(service({ url: new Secret('https://b') })), settings);

    assert.deepEqual(
      monitors.map(({ name, locations }) => [name, locations]),
      [
        ['api', ['nyc']],
        ['home', ['here', 'fra']],
        ['mail', ['here']],
      ],
    );
  });

  for (const [what, locations] of [
    ['a place twice', ['fra', 'fra']],
    ['none', []],
    ['a name in capitals', ['Fra']],
    ['a name that is too long', ['f'.repeat(33)]],
    ['more than 20', Array.from({ length: 21 }, (_, index) => `l${index}`)],
  ] as const) {
    test(`${what} is refused`, () => {
      assert.throws(() => parsed({ home: { http: 'https://a', locations } }));
    });
  }

  test('cannot be said of what reports by itself', () => {
    assert.throws(() => parsed({ nightly: { heartbeat: '0 3 * * *', locations: ['fra'] } }));
  });

  function parsed(entries: object) {
    return monitorsSchema().unwrap().parse(entries);
  }
});
