import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { planOf } from '../../../../test/support/import-plan.ts';
import { EvenkeelError } from '../../../kernel/errors.ts';
import { statuspage } from './index.ts';

const plan = (summary: object) => planOf(statuspage, 'summary.json', { 'summary.json': JSON.stringify(summary) });
const page = { id: 'p', name: 'Shop Status', url: 'https://status.shop.example' };

test('components are monitors that people set, under the headings of the page', async () => {
  const { entries, notes } = await plan({
    page,
    components: [
      { id: 'g', name: 'Europe', group: true, components: ['a'] },
      {
        id: 'a',
        name: 'Web Shop',
        group: false,
        group_id: 'g',
        status: 'operational',
        description: 'Where\n people buy',
      },
      { id: 'b', name: 'api', group: false, group_id: null, status: 'partial_outage', only_show_if_degraded: true },
    ],
    incidents: [{ id: 'i', name: 'Slow', status: 'investigating' }],
  });
  assert.deepEqual(entries, {
    'Web Shop': { manual: true, description: 'Where people buy' },
    api: { manual: true },
    title: 'Shop Status',
    groups: { Europe: ['web-shop'], Services: ['api'] },
    names: { 'web-shop': 'Web Shop' },
    Slow: entries['Slow'],
  });
  assert.equal(typeof entries['Slow'], 'string');
  assert.equal(notes['api']?.length, 2);
});

test('work that is planned is carried over with what it is about; what is over stays behind', async () => {
  const components = [{ id: 'a', name: 'web', status: 'operational' }];
  const window = (name: string, day: number, about: string) => ({
    id: name,
    name,
    scheduled_for: `2026-12-0${day}T22:00:00.000+01:00`,
    scheduled_until: `2026-12-0${day}T23:30:00.000+01:00`,
    components: [{ id: about }],
  });
  const past = {
    ...window('past', 1, 'a'),
    scheduled_for: '2020-01-01T00:00:00Z',
    scheduled_until: '2020-01-01T01:00:00Z',
  };
  const { entries } = await plan({
    page,
    components,
    scheduled_maintenances: [window('move', 2, 'a'), window('other', 3, 'x'), past],
  });
  assert.deepEqual(entries['move'], {
    title: 'move',
    monitors: ['web'],
    from: '2026-12-02T21:00:00Z',
    until: '2026-12-02T22:30:00Z',
  });
  assert.equal(typeof entries['other'], 'string');
  assert.equal(entries['past'], 'It is over.');
});

test('no text makes it throw anything but that it cannot be read', async () => {
  const text = fc.oneof(
    fc.string(),
    fc.json(),
    fc.json().map((each) => `{"page":{},"components":[${each}],"scheduled_maintenances":[${each}]}`),
  );
  await fc.assert(
    fc.asyncProperty(text, async (written) => {
      try {
        await planOf(statuspage, 'summary.json', { 'summary.json': written });
      } catch (error) {
        assert.ok(error instanceof EvenkeelError && error.code === 'IMPORT_UNREADABLE', String(error));
      }
    }),
  );
});
