import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { planOf } from '../../../../test/support/import-plan.ts';
import { EvenkeelError } from '../../../kernel/errors.ts';
import { healthchecks } from './index.ts';

const UUID = 'f618072a-7bde-4eee-af63-71a77c5723bc';

const plan = (checks: readonly unknown[], more: object = {}) =>
  planOf(healthchecks, 'checks.json', { 'checks.json': JSON.stringify({ checks, ...more }) });

test('a check becomes a heartbeat that jobs call by the same key', async () => {
  const { entries, secrets, notes } = await plan([
    {
      name: 'Nightly backup',
      slug: 'nightly',
      tags: 'prod db',
      grace: 1800,
      schedule: '0 3 * * *',
      tz: 'Europe/Berlin',
      status: 'up',
      uuid: UUID,
    },
    {
      name: 'mirror',
      timeout: 3600,
      grace: 60,
      status: 'new',
      ping_url: `https://hc-ping.com/${UUID.replace('f', 'e')}`,
      desc: 'Copies\n everything',
    },
  ]);
  assert.deepEqual(entries, {
    'Nightly backup': {
      heartbeat: '0 3 * * *',
      grace: '30m',
      zone: 'Europe/Berlin',
      key: '${HEALTHCHECKS_NIGHTLY_BACKUP_KEY}',
      description: 'Nightly backup',
    },
    mirror: { heartbeat: '1h', grace: '1m', key: '${HEALTHCHECKS_MIRROR_KEY}', description: 'Copies everything' },
  });
  assert.equal(secrets['HEALTHCHECKS_NIGHTLY_BACKUP_KEY'], UUID);
  assert.deepEqual(notes['Nightly backup'], ['Its tags are not carried over: prod db.']);
});

test('what stays behind says why: paused, seen with a key that may only read, judged by words, told elsewhere', async () => {
  const { entries } = await plan(
    [
      { name: 'paused', status: 'paused', timeout: 60, uuid: UUID },
      { name: 'unseen', status: 'up', timeout: 60, unique_key: 'a6c7b0a8a66bed0df66abfdab3c77736861703ee' },
      { name: 'judged', status: 'up', timeout: 60, uuid: UUID, filter_body: true, failure_kw: 'ERROR' },
    ],
    { channels: [{ id: '4ec5a071-2d08-4baa-898a-eb4eb3cd6941', name: 'My mail', kind: 'email' }] },
  );
  for (const title of ['paused', 'unseen', 'judged', 'My mail']) assert.equal(typeof entries[title], 'string', title);
  assert.match(String(entries['unseen']), /may only read/);
});

test('checks of the same name stay two', async () => {
  const { items } = await healthchecks.plan({
    where: 'checks.json',
    nameFor: (_space, key) => key,
    io: {
      read: async () => JSON.stringify({ checks: [1, 2].map(() => ({ name: 'same', timeout: 60, uuid: UUID })) }),
      list: async () => [],
      database: async () => undefined,
      get: async () => ({ status: 404, text: '' }),
      variable: () => undefined,
      now: () => 0,
    },
  });
  assert.deepEqual(
    items.map(({ key }) => key),
    ['check same', 'check same 2'],
  );
});

test('without a key, and with one that is not taken, it says so', async () => {
  const where = 'https://checks.example/';
  await assert.rejects(planOf(healthchecks, where, {}), {
    code: 'IMPORT_UNREADABLE',
    message: /HEALTHCHECKS_API_KEY is not set/,
  });
  const asked: string[] = [];
  const get = async (url: string) => {
    asked.push(url);
    return { status: 401, text: '' };
  };
  await assert.rejects(planOf(healthchecks, where, {}, { variable: () => 'secret', get }), (error: Error) => {
    return error.message.includes('status 401') && !error.message.includes('secret');
  });
  assert.deepEqual(asked, ['https://checks.example/api/v3/checks/']);
});

test('no text makes it throw anything but that it cannot be read', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.json().map((text) => `{"checks":[${text}]}`),
      ),
      async (text) => {
        try {
          await planOf(healthchecks, 'checks.json', { 'checks.json': text });
        } catch (error) {
          assert.ok(error instanceof EvenkeelError && error.code === 'IMPORT_UNREADABLE', String(error));
        }
      },
    ),
  );
});
