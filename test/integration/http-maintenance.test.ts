import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR_MS, SECOND_MS } from '../../src/kernel/clock.ts';
import { openHttpFace } from '../support/http-face.ts';

const WORK = { title: 'New disks', reason: 'OPS-12', monitors: ['web'], for: '2h' };

test('maintenance is begun by an operator, seen by a viewer and ended once', async (t) => {
  const { ask, identity } = await openHttpFace(t);

  const begun = await ask('POST', '/api/v1/maintenance', { as: 'operator', body: WORK });
  const { id } = begun.json.window;
  const listed = await ask('GET', '/api/v1/maintenance?ahead=0s', { as: 'viewer' });
  const ended = await ask('POST', `/api/v1/maintenance/${id}/end`, { as: 'operator' });
  const again = await ask('POST', `/api/v1/maintenance/${id}/end`, { as: 'operator' });

  assert.deepEqual([begun.status, ended.status, again.status], [201, 200, 409]);
  const [window] = listed.json.windows.filter((each: { id: string }) => each.id === id);
  assert.deepEqual(window, begun.json.window);
  // The end is counted from when it was asked for, the beginning from when it is written down.
  const lastsMs = Date.parse(window.endsAt) - Date.parse(window.startsAt);
  assert.ok(Math.abs(lastsMs - 2 * HOUR_MS) < SECOND_MS, `${lastsMs}`);
  assert.deepEqual(
    [window.title, window.monitors, window.isOpen, window.kind, window.reason, window.startedBy],
    ['New disks', ['web'], true, 'by hand', 'OPS-12', 'token operator'],
  );
  assert.deepEqual([ended.json.window.isOpen, again.json.error.code], [false, 'MAINTENANCE_OVER']);
  const [latest] = await identity.audit.list({ limit: 1 });
  assert.match(latest?.subject ?? '', /^mnt_/);
});

test('what the manifest plans is listed as often as it comes, and does not end by hand', async (t) => {
  const { ask } = await openHttpFace(t);

  const { json } = await ask('GET', '/api/v1/maintenance?ahead=3d', { as: 'viewer' });
  const refused = await ask('POST', '/api/v1/maintenance/patches/end', { as: 'operator' });

  const planned = json.windows.filter(({ id }: { id: string }) => id === 'patches');
  assert.ok(planned.length >= 3);
  assert.deepEqual([planned[0].kind, planned[0].startedBy], ['planned', null]);
  assert.deepEqual([refused.status, refused.json.error.code], [409, 'MAINTENANCE_PLANNED']);
});

test('a monitor is paused once, and resumed once', async (t) => {
  const { ask } = await openHttpFace(t);
  const as = 'operator';

  const paused = await ask('POST', '/api/v1/monitors/web/pause', { as, body: { for: '1h' } });
  const twice = await ask('POST', '/api/v1/monitors/web/pause', { as });
  const resumed = await ask('POST', '/api/v1/monitors/web/resume', { as });
  const again = await ask('POST', '/api/v1/monitors/web/resume', { as });

  assert.deepEqual([paused.status, paused.json.window.pausesChecks, paused.json.window.monitors], [201, true, ['web']]);
  assert.deepEqual([twice.json.error.code, again.json.error.code], ['MONITOR_PAUSED', 'MONITOR_NOT_PAUSED']);
  assert.deepEqual([resumed.status, resumed.json.window.isOpen], [200, false]);
});

test('a pause of several ends for all of them', async (t) => {
  const { ask } = await openHttpFace(t);
  const as = 'operator';
  const body = { title: 'Both rest', reason: 'OPS-13', pausesChecks: true };
  const begun = await ask('POST', '/api/v1/maintenance', { as, body });

  const { json } = await ask('POST', '/api/v1/monitors/web/resume', { as });

  assert.equal(json.error.code, 'MONITOR_PAUSED_WITH_OTHERS');
  assert.ok(json.error.hint.includes(begun.json.window.id));
});

test('a dry run answers and refuses alike, and changes nothing', async (t) => {
  const { ask } = await openHttpFace(t);
  const as = 'operator';

  const begun = await ask('POST', '/api/v1/maintenance', { as, body: { ...WORK, dryRun: true } });
  const unknown = await ask('POST', '/api/v1/maintenance', { as, body: { ...WORK, monitors: ['apo'], dryRun: true } });
  const listed = await ask('GET', '/api/v1/maintenance?ahead=0s', { as });

  assert.deepEqual([begun.status, begun.json.isDryRun, begun.json.window.title], [200, true, 'New disks']);
  assert.deepEqual([unknown.status, unknown.json.error.code], [404, 'MONITOR_UNKNOWN']);
  assert.deepEqual(
    listed.json.windows.filter(({ kind }: { kind: string }) => kind === 'by hand'),
    [],
  );
});

for (const [what, body, code] of [
  ['both ends', { ...WORK, until: '2030-01-01T00:00:00Z' }, 'HTTP_INPUT_INVALID'],
  ['no reason', { title: 'New disks' }, 'HTTP_INPUT_INVALID'],
  ['a title of two lines', { ...WORK, title: 'New disks\nAll is well' }, 'HTTP_INPUT_INVALID'],
  ['a reason that turns the text around', { ...WORK, reason: 'a\u202eb' }, 'HTTP_INPUT_INVALID'],
  ['an end that has been', { ...WORK, for: undefined, until: '2020-01-01T00:00:00Z' }, 'MAINTENANCE_END_UNUSABLE'],
  ['an end in a year', { ...WORK, for: '365d' }, 'MAINTENANCE_END_UNUSABLE'],
] as const) {
  test(`maintenance with ${what} is refused`, async (t) => {
    const { ask } = await openHttpFace(t);

    const { status, json } = await ask('POST', '/api/v1/maintenance', { as: 'operator', body });

    assert.deepEqual([status, json.error.code], [400, code]);
  });
}
