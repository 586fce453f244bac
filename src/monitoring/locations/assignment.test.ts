import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { located } from '../../../test/support/located.ts';
import { assignmentOf } from './assignment.ts';

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

  test('is nothing for the server itself', () => {
    assert.deepEqual(assignmentOf('here', [located('api', ['here'])], WRITTEN).monitors, []);
  });

  for (const [where, entry] of [
    ['http', { http: 'https://ada:hunter2@home.example' }],
    ['http', { http: 'https://home.example/?access_token=hunter2' }],
    ['headers.Authorization', { http: 'https://home.example', headers: { Authorization: 'Bearer hunter2' } }],
    ['headers.x-api-key', { http: 'https://home.example', headers: { 'x-api-key': 'hunter2' } }],
  ] as const) {
    test(`leaves out a secret that is written out in ${where} of ${JSON.stringify(entry).length} letters`, () => {
      const assignment = assignmentOf('fra', [located('home', ['fra'])], { services: {}, monitors: { home: entry } });

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
});
