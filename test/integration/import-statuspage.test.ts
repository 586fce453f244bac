import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answeringJson } from '../support/answering-json.ts';
import { tryImport } from '../support/import-trial.ts';

test('a Statuspage moves in with one command, and a second run changes nothing', async (t) => {
  const where = await answeringJson(t, {
    '/api/v2/summary.json': {
      page: { id: 'p', name: 'Shop Status', url: 'https://status.shop.example', time_zone: 'Etc/UTC' },
      components: [
        { id: 'g', name: 'Europe', group: true, components: ['a'], status: 'operational' },
        { id: 'a', name: 'Web Shop', group: false, group_id: 'g', status: 'operational', description: null },
        { id: 'b', name: 'api', group: false, group_id: null, status: 'major_outage', description: 'For programs' },
      ],
      incidents: [{ id: 'i', name: 'Slow answers', status: 'investigating' }],
      scheduled_maintenances: [
        {
          id: 'm',
          name: 'Move',
          scheduled_for: '2090-12-02T22:00:00Z',
          scheduled_until: '2090-12-02T23:00:00Z',
          components: [{ id: 'a' }],
        },
      ],
      status: { indicator: 'major' },
    },
  });
  const own = { 'evenkeel.yaml': 'app: shop\nservices:\n  api: { url: "https://api.shop.example" }\n' };
  const { manifest, left } = await tryImport(t, own, { source: 'statuspage', where });
  const { monitors = {}, maintenance = {}, status } = manifest.manifest;
  // A service has the name already.
  assert.deepEqual(Object.keys(monitors), ['web-shop', 'api-b']);
  assert.equal(status?.title, 'Shop Status');
  assert.deepEqual(status?.groups, { Europe: ['web-shop'], Services: ['api-b'] });
  assert.deepEqual(status?.names, { 'web-shop': 'Web Shop', 'api-b': 'api' });
  assert.deepEqual(maintenance['move']?.monitors, ['web-shop']);
  assert.deepEqual(Object.keys(left), ['Slow answers']);
});
