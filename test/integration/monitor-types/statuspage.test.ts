import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statuspage } from '../../../src/monitoring/types/statuspage.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { serveRoutes } from '../../support/servers/routes.ts';
import { tryType } from '../../support/type-trial.ts';
import { webScenes } from '../../support/web-trial.ts';

type Listed = readonly [name: string, status: string, group?: string];

const COMPONENTS: readonly Listed[] = [
  ['Europe', 'partial_outage'],
  ['API', 'operational', 'Europe'],
  ['Webhooks', 'partial_outage', 'Europe'],
  ['Asia', 'degraded_performance'],
  ['API', 'degraded_performance', 'Asia'],
  ['Dashboard', 'operational'],
  ['Reports', 'under_maintenance'],
];

tryType(statuspage, {
  ...webScenes('statuspage'),
  up: async (t) => ({ statuspage: (await serveRoutes(t, page('none', [['API', 'operational']]))).url }),
  degraded: async (t) => ({ statuspage: (await serveRoutes(t, page('minor', COMPONENTS))).url }),
});

test('statuspage: what the page says of the whole decides, and its groups are the parts', async (t) => {
  const { url } = await serveRoutes(t, page('major', COMPONENTS));

  const result = await probe(statuspage, { statuspage: url });

  assert.equal(result?.state, 'down');
  assert.match(reasonOf(result), /says "Some Trouble"; affected: "Europe", "Asia", "Reports"\.$/);
  assert.deepEqual(result?.parts, [
    { name: 'Europe', state: 'down', detail: null },
    { name: 'Asia', state: 'degraded', detail: null },
    { name: 'Dashboard', state: 'up', detail: null },
    { name: 'Reports', state: 'degraded', detail: null },
  ]);
});

test('statuspage: how bad it must be to be down can be said', async (t) => {
  const look = async (indicator: string, downAt?: string) => {
    const { url } = await serveRoutes(t, page(indicator, []));
    const result = await probe(statuspage, { statuspage: url, ...(downAt !== undefined && { down_at: downAt }) });
    return result?.state;
  };

  const usual = ['none', 'maintenance', 'minor', 'major', 'critical'].map((indicator) => look(indicator));
  assert.deepEqual(await Promise.all(usual), ['up', 'degraded', 'degraded', 'down', 'down']);
  assert.deepEqual(await Promise.all([look('minor', 'minor'), look('major', 'critical')]), ['down', 'degraded']);
});

test('statuspage: only the components that are named count', async (t) => {
  const { url } = await serveRoutes(t, page('critical', COMPONENTS));
  const look = (component: string | readonly string[]) => probe(statuspage, { statuspage: url, component });

  assert.equal((await look('Dashboard'))?.state, 'up');
  assert.equal((await look(['Dashboard', 'Europe: API']))?.state, 'up');
  const slow = await look(['Dashboard', 'Asia: API']);
  assert.match(reasonOf(slow), /says that not all is well; affected: "Asia: API"\.$/);
  assert.equal(slow?.state, 'degraded');
  assert.equal((await look('Webhooks'))?.state, 'down');
  assert.match(reasonOf(await look('Dashbord')), /has no component "Dashbord"\. The nearest is "Dashboard"\.$/);
});

test('statuspage: a status that nobody knows makes its component unknown, and the page degraded', async (t) => {
  const { url } = await serveRoutes(t, page('none', [['API', 'on_fire']]));

  const result = await probe(statuspage, { statuspage: url, component: 'API' });

  assert.equal(result?.state, 'degraded');
  assert.deepEqual(result.parts, [{ name: 'API', state: 'unknown', detail: null }]);
});

test('statuspage: thousands of components make no more parts than can be read, the worst first', async (t) => {
  const many: Listed[] = Array.from({ length: 900 }, (_, index) => [`Service ${index}`, 'operational']);
  const { url } = await serveRoutes(t, page('critical', [...many, ['Last', 'major_outage']]));

  const result = await probe(statuspage, { statuspage: url });

  assert.equal(result?.parts?.length, 100);
  assert.equal(result.parts[0]?.name, 'Last');
});

/** As Statuspage publishes it. */
function page(indicator: string, components: readonly Listed[]) {
  const idOf = (name: string) => `id-${name}`;
  return {
    'GET /api/v2/summary.json': {
      json: {
        page: { id: 'x', name: 'Provider', url: 'https://status.example', updated_at: '2026-01-02T03:04:05.000Z' },
        status: { indicator, description: 'Some Trouble' },
        components: components.map(([name, status, group]) => ({
          id: group === undefined ? idOf(name) : `${idOf(group)}-${name}`,
          name,
          status,
          group_id: group === undefined ? null : idOf(group),
          group: components.some(([, , other]) => other === name),
        })),
        incidents: [],
        scheduled_maintenances: [],
      },
    },
  };
}
