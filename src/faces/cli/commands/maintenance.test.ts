import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runFakeCli } from '../../../../test/support/fake-cli.ts';
import type { MaintenanceView } from '../../http/contract.ts';

const DISKS: MaintenanceView = {
  id: 'mnt_1',
  title: 'New disks',
  kind: 'by hand',
  monitors: ['db', 'api'],
  isOpen: true,
  startsAt: '2026-11-20T11:30:00.000Z',
  endsAt: '2026-11-20T14:00:00.000Z',
  pausesChecks: true,
  startedBy: 'token ada',
  reason: 'OPS-12',
};
const PATCHES: MaintenanceView = {
  ...DISKS,
  id: 'patches',
  title: 'Patches',
  kind: 'planned',
  monitors: ['db', 'api', 'web', 'mail'],
  isOpen: false,
  startsAt: '2026-11-22T02:00:00.000Z',
  endsAt: '2026-11-22T04:00:00.000Z',
  pausesChecks: false,
  startedBy: null,
  reason: null,
};
const LISTED = { 'GET /api/v1/maintenance': { windows: [DISKS, PATCHES] } };
const CHANGED = { isDryRun: false, window: DISKS };

test('list tells what is open and to come, when exactly, by whom and why', async () => {
  const run = await runFakeCli(['maintenance', 'list'], { answers: LISTED });

  assert.equal(
    run.out,
    `MAINTENANCE  STATE                    BEGINS      ENDS  ON                       ID
New disks    ◆ maintenance, paused   30m ago     in 2h  db, api                  mnt_1
  2026-11-20 11:30:00Z to 2026-11-20 14:00:00Z, by token ada: OPS-12
Patches      to come                in 1d14h  in 1d16h  db, api, web and 1 more  patches
  2026-11-22 02:00:00Z to 2026-11-22 04:00:00Z
`,
  );
});

test('list --open leaves out what is to come, and says when there is nothing', async () => {
  const some = await runFakeCli(['maintenance', 'list', '--open', '--json'], { answers: LISTED });
  const none = await runFakeCli(['maintenance', 'list', '--ahead', '90d'], {
    answers: { 'GET /api/v1/maintenance': { windows: [] } },
  });

  assert.deepEqual(JSON.parse(some.out), { windows: [DISKS] });
  assert.deepEqual(
    [none.calls, none.err],
    [[['GET /api/v1/maintenance', { ahead: '90d' }]], 'No maintenance is open or planned within 90 days.\n'],
  );
});

test('start asks for what was typed, and says until when and how to end it', async () => {
  const line = ['maintenance', 'start', '--title', 'New disks', '--reason', 'OPS-12', '--monitors', 'db, api'];

  const run = await runFakeCli([...line, '--for', '2h', '--pause-checks'], {
    answers: { 'POST /api/v1/maintenance': CHANGED },
  });

  const asked = { title: 'New disks', reason: 'OPS-12', monitors: ['db', 'api'], for: '2h', pausesChecks: true };
  assert.deepEqual(run.calls, [['POST /api/v1/maintenance', asked]]);
  assert.equal(
    run.out,
    `✓ New disks on db, api, until 2026-11-20 14:00:00Z (in 2h).
  It ends before with: evenkeel maintenance end mnt_1
`,
  );
});

test('a dry run says what would happen', async () => {
  const window = { ...DISKS, endsAt: null };
  const answers = {
    'POST /api/v1/maintenance': { isDryRun: true, window },
    'POST /api/v1/maintenance/:id/end': { isDryRun: true, window },
    'POST /api/v1/monitors/:name/pause': { isDryRun: true, window },
    'POST /api/v1/monitors/:name/resume': { isDryRun: true, window },
  };
  const said = [];
  for (const line of [
    'maintenance start --title New --reason OPS-12',
    'maintenance end mnt_1',
    'monitor pause db',
    'monitor resume db',
  ]) {
    said.push((await runFakeCli([...line.split(' '), '--dry-run'], { answers })).out);
  }

  assert.deepEqual(said, [
    'Would begin New disks on db, api, until somebody ends it.\n',
    'Would end New disks (mnt_1), open for 30m.\n',
    'Would pause db until it is resumed.\n',
    'Would check db again, after a pause of 30m.\n',
  ]);
});

test('pause and resume say how long', async () => {
  const answers = {
    'POST /api/v1/monitors/:name/pause': CHANGED,
    'POST /api/v1/monitors/:name/resume': CHANGED,
    'POST /api/v1/maintenance/:id/end': CHANGED,
  };

  const paused = await runFakeCli(['monitor', 'pause', 'db', '--for', '2h', '--reason', 'OPS-12'], { answers });
  const resumed = await runFakeCli(['monitor', 'resume', 'db'], { answers });
  const ended = await runFakeCli(['maintenance', 'end', 'mnt_1'], { answers });

  assert.deepEqual(paused.calls, [['POST /api/v1/monitors/:name/pause', { name: 'db', for: '2h', reason: 'OPS-12' }]]);
  assert.equal(
    paused.out,
    `✓ db is paused until 2026-11-20 14:00:00Z (in 2h).
  It is checked again before with: evenkeel monitor resume db
`,
  );
  assert.equal(resumed.out, '✓ db is checked again, after a pause of 30m.\n');
  assert.equal(ended.out, '✓ New disks (mnt_1) is over after 30m.\n');
});
