import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Part } from '../monitor-type.ts';
import type { HealthAnswer } from '../parts/dialect.ts';
import type { DialectChoice } from '../parts/dialect-choice.ts';
import { readHealth } from '../parts/health-reading.ts';
import { PARTS_MAX } from '../parts/part-list.ts';
import { type DialectName, dialects } from './index.ts';

interface Case {
  readonly says: string;
  readonly dialect: DialectName;
  readonly body: unknown;
  readonly type?: string;
  readonly state: Part['state'];
  /** `name state detail` */
  readonly parts: readonly string[];
}

const cases: readonly Case[] = [
  {
    says: 'the example of the draft: an array of nodes for each measurement',
    dialect: 'health-json',
    body: {
      status: 'pass',
      version: '1',
      releaseId: '1.2.2',
      serviceId: 'f03e522f',
      checks: {
        'cassandra:responseTime': [
          { componentId: 'dfd6', observedValue: 250, observedUnit: 'ms', status: 'pass', output: '' },
        ],
        'cpu:utilization': [
          { componentId: 'n1', observedValue: 85, observedUnit: 'percent', status: 'WARN' },
          { componentId: 'n2', status: 'fail', output: 'no answer' },
        ],
        uptime: [{ observedValue: 1209600.245, observedUnit: 's' }],
      },
    },
    state: 'up',
    parts: [
      'cassandra:responseTime up 250 ms',
      'cpu:utilization (n1) degraded 85 percent',
      'cpu:utilization (n2) down no answer',
      'uptime unknown 1209600.245 s',
    ],
  },
  {
    says: 'an alias, known by the media type alone',
    dialect: 'health-json',
    type: 'application/health+json',
    body: { status: 'Error', checks: { 'db:connections': { status: 'down' } } },
    state: 'down',
    parts: ['db:connections down'],
  },
  {
    says: 'components within components',
    dialect: 'spring',
    body: {
      status: 'DOWN',
      components: {
        broker: { status: 'OUT_OF_SERVICE', components: { eu: { status: 'UP' }, us: { status: 'FATAL' } } },
        db: { status: 'DOWN', details: { database: 'PostgreSQL', error: 'java.sql.SQLException: refused' } },
      },
      groups: ['liveness'],
    },
    state: 'down',
    parts: ['broker down', 'broker/eu up', 'broker/us unknown', 'db down java.sql.SQLException: refused'],
  },
  {
    says: 'the details of Spring Boot 2.0, where a part has facts of its own under the same key',
    dialect: 'spring',
    body: { status: 'UP', details: { diskSpace: { status: 'UP', details: { total: 5, free: 2, path: '/' } } } },
    state: 'up',
    parts: ['diskSpace up'],
  },
  { says: 'nothing but its word', dialect: 'spring', body: { status: 'UNKNOWN' }, state: 'unknown', parts: [] },
  {
    says: 'a list of checks with data',
    dialect: 'microprofile',
    body: {
      status: 'DOWN',
      checks: [
        { name: 'disk', status: 'UP', data: { free: 12 } },
        { name: 'queue', status: 'DOWN', data: { reason: 'no broker', host: 'mq.internal' } },
      ],
    },
    state: 'down',
    parts: ['disk up', 'queue down no broker'],
  },
  { says: 'no procedures', dialect: 'microprofile', body: { status: 'UP', checks: [] }, state: 'up', parts: [] },
  { says: 'a word', dialect: 'aspnet', type: 'text/plain', body: 'Degraded', state: 'degraded', parts: [] },
  {
    says: 'the entries of the Xabaril writer',
    dialect: 'aspnet',
    body: {
      status: 'Unhealthy',
      totalDuration: '00:00:00.05',
      entries: {
        sql: { status: 'Unhealthy', description: 'login failed', data: {}, duration: '00:00:00.03' },
        redis: { status: 'Healthy' },
      },
    },
    state: 'down',
    parts: ['sql down login failed', 'redis up'],
  },
  {
    says: 'info, error and details of NestJS, each part once',
    dialect: 'terminus',
    body: {
      status: 'error',
      info: { docs: { status: 'up' } },
      error: { db: { status: 'down', message: 'timeout of 1000ms exceeded' } },
      details: { docs: { status: 'up' }, db: { status: 'down' } },
    },
    state: 'down',
    parts: ['db down timeout of 1000ms exceeded', 'docs up'],
  },
  {
    says: 'what GoDaddy passes on in whatever form',
    dialect: 'terminus',
    body: { status: 'error', error: { mail: 'no route' }, details: { mail: 'no route', seen: 4 } },
    state: 'down',
    parts: ['mail down no route'],
  },
];

for (const { says, dialect, body, type = 'application/json', state, parts } of cases) {
  test(`${dialect} reads ${says}`, async () => {
    const answer = anAnswer(typeof body === 'string' ? body : JSON.stringify(body), type);
    for (const choice of [dialect, 'auto'] as const) {
      const reading = await readHealth(answer, choice);
      assert.equal(reading?.state, state, choice);
      assert.deepEqual(reading?.parts.map(printed), parts, choice);
    }
  });
}

test('an answer that is no health answer is not read, and not mistaken for one', async () => {
  const others = ['', '<html>Healthy</html>', '[]', '{}', 'null', '"UP"', '{"status":200}', '{"status":"active"}'];
  for (const text of [...others, '{"status":"ok"}', '{"user":"ada","details":{}}']) {
    assert.equal(await readHealth(anAnswer(text), 'auto'), undefined, text);
  }
});

test('parts are bounded in number, and those that are not well are among those that are kept', async () => {
  const checks = Object.fromEntries(
    Array.from({ length: 500 }, (_none, index) => [`part ${index}`, [{ status: index === 300 ? 'fail' : 'pass' }]]),
  );
  const reading = await readHealth(anAnswer(JSON.stringify({ status: 'pass', checks })), 'auto');

  assert.equal(reading?.parts.length, PARTS_MAX);
  assert.equal(reading.parts[0]?.name, 'part 300');
});

test('parts of one name are told apart', async () => {
  const checks = [1, 2, 3].map(() => ({ name: 'db', status: 'UP' }));
  const reading = await readHealth(anAnswer(JSON.stringify({ status: 'UP', checks })), 'auto');
  assert.deepEqual(
    reading?.parts.map(({ name }) => name),
    ['db', 'db #2', 'db #3'],
  );
});

test('a part shows no credential, neither one that looks like it nor one that we sent', async () => {
  const hushed = [
    'cannot reach postgres://app:hush@db.internal:5432/shop?x=1',
    'jdbc:postgresql://app:hu@sh@db/shop failed',
    'Server=db;User=sa;Password=hush hush;Timeout=5',
    'MY_DB_PASSWORD: hush',
    '{"apiKey": "hush"}',
    'refused: Bearer hush-hush-hush',
    'you sent sent-by-us, which is wrong',
  ];
  for (const output of hushed) {
    const body = { status: 'fail', checks: { [output]: [{ status: 'fail', output }] } };
    const reading = await readHealth({ ...anAnswer(JSON.stringify(body)), secrets: ['sent-by-us'] }, 'auto');
    assert.equal(reading?.parts.length, 1);
    assert.doesNotMatch(JSON.stringify(reading), /hush|hu@|sh@|sent-by-us/, output);
  }
});

const Word = fc.constantFrom('pass', 'fail', 'UP', 'DOWN', 'ok', 'error', 'Healthy', 'down', '\u{7}\u{202e}', '');
const Key = fc.constantFrom('status', 'checks', 'components', 'details', 'info', 'entries', 'name', 'data', 'output');
const Json = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 6 }, Word, fc.integer(), fc.constant(null), fc.string(), tie('list'), tie('map')),
  list: fc.array(tie('value'), { maxLength: 4 }),
  map: fc.dictionary(fc.oneof(Key, fc.string()), tie('value'), { maxKeys: 6 }),
})).value;

test('no answer makes a dialect throw or say more than may be shown', async () => {
  const loaded = await Promise.all(Object.values(dialects).map((load) => load()));
  fc.assert(
    fc.property(fc.oneof(Json, fc.jsonValue()), fc.string(), (json, text) => {
      const answer: HealthAnswer = { status: 200, type: 'application/health+json', text, json, secrets: [] };
      for (const dialect of loaded) {
        dialect.recognises(answer);
        assertShowable(dialect.read(answer)?.parts ?? []);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('a text made to be looked at for long is looked at only shortly', async () => {
  const long = ['passw'.repeat(20_000), `a:`.repeat(50_000), 'a://'.repeat(25_000), 'bearer '.repeat(10_000)];
  const startedAt = performance.now();
  for (const output of long) {
    await readHealth(anAnswer(JSON.stringify({ status: 'fail', checks: { db: [{ output }] } })), 'auto');
  }
  assert.ok(performance.now() - startedAt < 500);
});

function assertShowable(parts: readonly Part[]): void {
  assert.ok(parts.length <= PARTS_MAX);
  assert.equal(new Set(parts.map(({ name }) => name)).size, parts.length);
  for (const { name, detail } of parts) {
    assert.ok(name.length <= 180 && (detail ?? '').length <= 160);
    assert.doesNotMatch(name + (detail ?? ''), /[\p{Cc}\u202e]/u);
  }
}

function printed({ name, state, detail }: Part): string {
  return detail === null ? `${name} ${state}` : `${name} ${state} ${detail}`;
}

function anAnswer(text: string, type = 'application/json'): HealthAnswer {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status: 200, type, text, json, secrets: [] };
}

// The names of the catalogue are those of the dialects themselves.
for (const [name, load] of Object.entries(dialects)) {
  test(`the dialect ${name} has the name it is listed under, and a sentence about itself`, async () => {
    const dialect = await load();
    const choice: DialectChoice = 'auto';
    assert.notEqual(dialect.name, choice);
    assert.equal(dialect.name, name);
    assert.match(dialect.summary, /^\S.*\.$/);
  });
}
