import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { located } from '../../../test/support/located.ts';
import { monitorTypes } from '../types/index.ts';
import { assignmentOf } from './assignment.ts';

// The manifest loads the types that it names; tests describe monitors without one.
await monitorTypes.loadAll();

const WRITTEN = {
  services: {
    api: { url: '${API_URL}', health: '/health', engine: 'http', source: './api', env: { KEY: 'text' }, backup: true },
  },
  monitors: {
    home: { http: 'https://home.example', headers: { accept: 'text/html' }, every: '5s', depends_on: ['api'] },
    there: { http: 'https://there.example' },
  },
};

describe('what a probe is told', () => {
  test('is what names its location, and of that only what the check needs, as it is written', () => {
    const monitors = [located('api', ['here', 'fra']), located('home', ['fra']), located('there', ['nyc'])];

    assert.deepEqual(assignmentOf('fra', monitors, WRITTEN), {
      monitors: [
        {
          name: 'api',
          section: 'services',
          entry: { url: '${API_URL}', health: '/health', engine: 'http' },
          intervalMs: 10_000,
          timeoutMs: 1_000,
        },
        {
          name: 'home',
          section: 'monitors',
          entry: { http: 'https://home.example', headers: { accept: 'text/html' } },
          intervalMs: 10_000,
          timeoutMs: 1_000,
        },
      ],
      withheld: [],
    });
  });

  test('says what came in through the API, which must not reach more from there', () => {
    const written = { services: {}, monitors: { home: { http: 'https://home.example', added_by: 'token ci' } } };

    const [assigned] = assignmentOf('fra', [located('home', ['fra'], { reach: 'api' })], written).monitors;

    assert.deepEqual(assigned?.entry, { http: 'https://home.example', added_by: 'token ci' });
  });

  test('is there for a monitor with a name that every object knows', () => {
    const written = { services: {}, monitors: { constructor: { http: 'https://home.example' } } };

    const [assigned] = assignmentOf('fra', [located('constructor', ['fra'])], written).monitors;

    assert.deepEqual([assigned?.section, assigned?.entry], ['monitors', { http: 'https://home.example' }]);
  });

  test('is nothing for the server itself', () => {
    assert.deepEqual(assignmentOf('here', [located('api', ['here'])], WRITTEN).monitors, []);
  });

  for (const [where, entry] of [
    ['http', { http: 'https://ada:hunter2@home.example' }],
    ['http', { http: 'https://home.example/?access_token=hunter2' }],
    ['headers.Authorization', { http: 'https://home.example', headers: { Authorization: 'Bearer hunter2' } }],
    ['headers.x-api-key', { http: 'https://home.example', headers: { 'x-api-key': 'hunter2' } }],
    ['headers.X-Auth-Key', { http: 'https://home.example', headers: { 'X-Auth-Key': 'hunter2' } }],
    ['headers.X-Who', { http: 'https://home.example', headers: { 'X-Who': 'Bearer hunter2hunter2' } }],
    ['headers.Authorization', { http: 'https://home.example', headers: { Authorization: '${TOKEN:-hunter2}' } }],
    ['headers.Cookie', { http: 'https://home.example', headers: { Cookie: '$${hunter2}' } }],
    ['http', { http: 'https://hunter2hunter2hunter2@errors.example/1' }],
    ['body', { http: 'https://home.example', body: '{"user": "probe", "password": "hunter2"}' }],
    ['body', { http: 'https://home.example', body: 'password=hunter2&user=probe' }],
    ['steps.0.body', { steps: [{ name: 'log in', http: 'https://home.example', body: '{"apiKey":"hunter2"}' }] }],
    ['send', { websocket: 'wss://home.example', send: '{"token":"hunter2"}' }],
  ] as const) {
    test(`leaves out a secret that is written out in ${where} of ${JSON.stringify(entry).length} letters`, () => {
      const type = Object.keys(entry)[0] ?? '';
      const monitor = located('home', ['fra'], { type });
      const assignment = assignmentOf('fra', [monitor], { services: {}, monitors: { home: entry } });

      assert.deepEqual(assignment.monitors, []);
      assert.match(assignment.withheld[0]?.reason ?? '', new RegExp(`^monitors\\.home\\.${where} has a secret`));
      assert.doesNotMatch(JSON.stringify(assignment), /hunter2/);
    });
  }

  test('may have references where secrets belong', () => {
    const entry = {
      http: 'https://ada:${PW}@home.example/?token=${TOKEN}',
      headers: { Authorization: 'Bearer ${TOKEN}' },
    };
    const { withheld } = assignmentOf('fra', [located('home', ['fra'])], { services: {}, monitors: { home: entry } });

    assert.deepEqual(withheld, []);
  });

  test('may have what an earlier step keeps where secrets belong', () => {
    const http = 'https://home.example';
    const entry = {
      steps: [
        { name: 'log in', http, body: '{"password": "${PW}"}', keep: { token: '[BODY].token' } },
        { name: 'look', http: `${http}/?token=[CONTEXT].token`, headers: { Authorization: 'Bearer [CONTEXT].token' } },
      ],
    };
    const monitor = located('home', ['fra'], { type: 'steps' });
    const { withheld } = assignmentOf('fra', [monitor], { services: {}, monitors: { home: entry } });

    assert.deepEqual(withheld, []);
  });

  test('may have readings that are named like secrets', () => {
    const entry = { metrics: 'https://home.example/metrics', read: { token_misses: 'auth_misses_total' } };
    const monitor = located('home', ['fra'], { type: 'metrics' });
    const { withheld } = assignmentOf('fra', [monitor], { services: {}, monitors: { home: entry } });

    assert.deepEqual(withheld, []);
  });
});
