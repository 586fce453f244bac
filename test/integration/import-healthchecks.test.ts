import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answeringJson } from '../support/answering-json.ts';
import { tryImport } from '../support/import-trial.ts';

const UUID = 'f618072a-7bde-4eee-af63-71a77c5723bc';
const KEY = 'a-key-of-the-project';

test('a Healthchecks moves in with one command, and a second run changes nothing', async (t) => {
  const where = await answeringJson(
    t,
    {
      '/api/v3/checks/': {
        checks: [
          {
            name: 'Nightly backup',
            slug: 'nightly',
            grace: 1800,
            schedule: '0 3 * * *',
            tz: 'Europe/Berlin',
            status: 'up',
            uuid: UUID,
          },
          { name: 'Mirror', timeout: 3600, grace: 60, status: 'down', uuid: UUID.replace('f', 'e') },
          {
            name: 'By systemd',
            schedule: 'Mon..Fri 03:00',
            tz: 'UTC',
            grace: 60,
            status: 'up',
            uuid: UUID.replace('f', 'd'),
          },
          { name: 'Paused', timeout: 60, grace: 60, status: 'paused', uuid: UUID.replace('f', 'c') },
        ],
      },
      '/api/v3/channels/': { channels: [{ id: '4ec5a071', name: 'My mail', kind: 'email' }] },
    },
    (headers) => headers['x-api-key'] === KEY,
  );
  const { manifest, left, text } = await tryImport(
    t,
    {},
    { source: 'healthchecks', where, variables: { HEALTHCHECKS_API_KEY: KEY } },
  );
  const { monitors = {} } = manifest.manifest;
  assert.deepEqual(Object.keys(monitors), ['nightly-backup', 'mirror']);
  assert.deepEqual(Object.keys(left), ['By systemd', 'Paused', 'My mail']);
  assert.match(text('.env'), new RegExp(`^HEALTHCHECKS_NIGHTLY_BACKUP_KEY='${UUID}'$`, 'm'));
  for (const file of ['evenkeel.d/imported-healthchecks.yaml', 'evenkeel.d/imported-healthchecks.json']) {
    assert.ok(!text(file).includes(UUID) && !text(file).includes(KEY), file);
  }
});
