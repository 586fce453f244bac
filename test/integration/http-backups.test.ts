import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openHttpFace } from '../support/http-face.ts';

test('a backup is asked for and answered with a run to look at', async (t) => {
  const { ask, work } = await openHttpFace(t);

  const { status, json } = await ask('POST', '/api/v1/backups', { as: 'operator', body: { service: 'db' } });
  const { json: run } = await ask('GET', `/api/v1/backups/runs/${json.run.id}`, { as: 'viewer' });

  assert.deepEqual([status, json.isDryRun, json.run.state, json.backup], [202, false, 'waiting', null]);
  assert.deepEqual(work, [{ kind: 'backup', service: 'db' }]);
  assert.deepEqual([run.state, run.endedAt], ['done', '2026-11-20T09:30:14.000Z']);
  assert.deepEqual(run.findings, ['12 tables, 48,102 rows, all as they were.']);
});

for (const { target, body, wanted } of [
  { target: 'verify', body: {}, wanted: { kind: 'verify', backup: 'bak_1' } },
  { target: 'verify', body: { prove: true }, wanted: { kind: 'prove', backup: 'bak_1' } },
  { target: 'restore', body: { name: 'shop_old' }, wanted: { kind: 'restore', backup: 'bak_1', name: 'shop_old' } },
]) {
  test(`${target} with ${JSON.stringify(body)} asks for ${wanted.kind}, and only without dryRun`, async (t) => {
    const { ask, work } = await openHttpFace(t);
    const path = `/api/v1/backups/bak_1/${target}`;

    const dry = await ask('POST', path, { as: 'owner', body: { ...body, dryRun: true } });
    const none = work.length;
    const { status, json } = await ask('POST', path, { as: 'owner', body });

    assert.deepEqual([dry.status, dry.json.isDryRun, dry.json.run, none], [200, true, null, 0]);
    assert.deepEqual([dry.json.backup.id, dry.json.source.service], ['bak_1', 'db']);
    assert.deepEqual([status, json.run.kind], [202, wanted.kind]);
    assert.deepEqual(work, [wanted]);
  });
}

test('a dry run of a backup takes none', async (t) => {
  const { ask, work } = await openHttpFace(t);

  const { status, json } = await ask('POST', '/api/v1/backups', {
    as: 'operator',
    body: { service: 'db', dryRun: true },
  });

  assert.deepEqual([status, json.isDryRun, json.run, json.source.service], [200, true, null, 'db']);
  assert.deepEqual(work, []);
});

test('backups can be listed for one service', async (t) => {
  const { ask } = await openHttpFace(t);

  const all = await ask('GET', '/api/v1/backups', { as: 'viewer' });
  const gone = await ask('GET', '/api/v1/backups?service=gone', { as: 'viewer' });
  const newest = await ask('GET', '/api/v1/backups?service=db&limit=1', { as: 'viewer' });

  const idsOf = ({ json }: typeof all) => json.backups.map(({ id }: Record<string, string>) => id);
  assert.deepEqual([idsOf(all), idsOf(gone), idsOf(newest)], [['bak_2', 'bak_1', 'bak_0'], ['bak_0'], ['bak_2']]);
});

for (const [method, target, body] of [
  ['GET', '/api/v1/backups?service=dbb&limit=1', undefined],
  ['POST', '/api/v1/backups', { service: 'dbb' }],
] as const) {
  test(`${method} ${target} names the service that was probably meant`, async (t) => {
    const { ask } = await openHttpFace(t);

    const { json } = await ask(method, target, { as: 'owner', ...(body === undefined ? {} : { body }) });

    assert.equal(json.error.message, 'Nothing named dbb is backed up.');
    assert.match(json.error.hint, /^Did you mean "db"\? /);
  });
}

test('a backup whose service is gone from the manifest can still be restored from', async (t) => {
  const { ask } = await openHttpFace(t);

  const { status, json } = await ask('POST', '/api/v1/backups/bak_0/verify', { as: 'operator', body: {} });

  assert.deepEqual([status, json.source, json.backup.service], [202, null, 'gone']);
});

for (const [method, target, body, code] of [
  ['POST', '/api/v1/backups', { service: 'none' }, 'HTTP_BACKUP_SOURCE_UNKNOWN'],
  ['POST', '/api/v1/backups', { service: 'none', dryRun: true }, 'HTTP_BACKUP_SOURCE_UNKNOWN'],
  ['GET', '/api/v1/backups?service=none', undefined, 'HTTP_BACKUP_SOURCE_UNKNOWN'],
  ['POST', '/api/v1/backups/bak_none/verify', {}, 'BACKUP_UNKNOWN'],
  ['POST', '/api/v1/backups/bak_none/restore', { name: 'x', dryRun: true }, 'BACKUP_UNKNOWN'],
  ['GET', '/api/v1/backups/runs/run_none', undefined, 'BACKUP_RUN_UNKNOWN'],
] as const) {
  test(`${method} ${target} with ${JSON.stringify(body)} is not found, with ${code}`, async (t) => {
    const { ask, work } = await openHttpFace(t);

    const { status, json } = await ask(method, target, { as: 'owner', ...(body === undefined ? {} : { body }) });

    assert.deepEqual([status, json.error?.code, work.length], [404, code, 0]);
  });
}

for (const [what, target, body] of [
  ['a name that leads elsewhere', '/api/v1/backups/bak_1/restore', { name: '../shop' }],
  ['a name with quotes', '/api/v1/backups/bak_1/restore', { name: 'x"; drop database shop' }],
  [
    'a name with capitals, which PostgreSQL would take only in quotes',
    '/api/v1/backups/bak_1/restore',
    { name: 'Shop' },
  ],
  ['no name', '/api/v1/backups/bak_1/restore', {}],
  ['a name that is an option', '/api/v1/backups/bak_1/restore', { name: '-shop' }],
  ['an id that is none', '/api/v1/backups/..%2f..%2fx/verify', {}],
  ['a misspelt field', '/api/v1/backups/bak_1/verify', { proof: true }],
  ['no service', '/api/v1/backups', {}],
] as const) {
  test(`${what} is refused and no work begins`, async (t) => {
    const { ask, work } = await openHttpFace(t);

    const { status, json } = await ask('POST', target, { as: 'owner', body });

    assert.deepEqual([status, json.error.code, work.length], [400, 'HTTP_INPUT_INVALID', 0]);
  });
}

test('restoring is for owners; who asked for work on which backup is in the audit trail', async (t) => {
  const { ask, work } = await openHttpFace(t);
  const restore = { body: { name: 'shop_old' } };

  const refused = await ask('POST', '/api/v1/backups/bak_1/restore', { as: 'operator', ...restore });
  await ask('POST', '/api/v1/backups/bak_1/restore', { as: 'owner', ...restore });
  await ask('POST', '/api/v1/backups', { as: 'operator', body: { service: 'db' } });
  await ask('POST', '/api/v1/backups', { as: 'viewer', body: { service: 'db' } });

  const { json } = await ask('GET', '/api/v1/audit', { as: 'owner' });
  const lines = json.entries.map((entry: Record<string, string>) =>
    [entry['actor'], entry['action'], entry['subject'], entry['outcome']].join(' | '),
  );
  assert.equal(refused.status, 403);
  assert.equal(work.length, 2);
  assert.deepEqual(lines.toSorted(), [
    'token operator | POST /api/v1/backups | db | done',
    'token operator | POST /api/v1/backups/:id/restore | bak_1 | refused',
    'token owner | POST /api/v1/backups/:id/restore | bak_1 to shop_old | done',
    'token viewer | POST /api/v1/backups |  | refused',
  ]);
});
