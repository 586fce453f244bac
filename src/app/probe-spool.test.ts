import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { DAY_MS } from '../kernel/clock.ts';
import { openProbeSpool, type SpoolLimits } from './probe-spool.ts';

describe('what a probe keeps', () => {
  test('is there after a restart, in order, and its numbers never come again', async (t) => {
    const folder = folderFor(t);
    const before = await opened(t, folder);
    for (const at of [1, 2, 3]) before.keep(result(at));
    before.forget(2);
    before.setNote('assignment', '{}');
    before.close();

    const after = await opened(t, folder);
    assert.deepEqual(after.oldest(10), [{ ...result(3), seq: 3 }]);
    after.forget(3);
    after.keep(result(4));

    assert.equal(after.id, before.id);
    assert.deepEqual(after.oldest(10), [{ ...result(4), seq: 4 }]);
    assert.equal(after.note('assignment'), '{}');
  });

  test('is given up when it is too old, and counted', async (t) => {
    const spool = await opened(t, folderFor(t), { ageMsMax: DAY_MS, lookEvery: 1 });
    spool.keep(result(NOW - DAY_MS - 1));
    spool.keep(result(NOW - DAY_MS));

    assert.deepEqual([spool.waiting(), spool.dropped()], [1, 1]);
  });

  test('is given up from the oldest on when there is too much of it, and counted', async (t) => {
    const spool = await opened(t, folderFor(t), { bytesMax: 60_000, lookEvery: 100 });
    for (let index = 0; index < 1_200; index += 1) spool.keep(result(NOW));

    assert.equal(spool.waiting() + spool.dropped(), 1_200);
    assert.ok(spool.dropped() > 0 && spool.waiting() > 200, String(spool.waiting()));
    assert.equal(spool.oldest(1)[0]?.seq, spool.dropped() + 1);
  });

  test('belongs to one process at a time', async (t) => {
    const folder = folderFor(t);
    const one = await opened(t, folder);

    await assert.rejects(opened(t, folder), { code: 'PROBE_ALREADY_RUNNING' });
    one.close();
    await opened(t, folder);
  });
});

const NOW = Date.parse('2026-11-21T12:00:00Z');

function result(at: number) {
  return { monitor: 'api', at, outcome: 'up', latencyMs: 12, reason: null } as const;
}

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-spool-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function opened(t: TestContext, folder: string, limits: Partial<SpoolLimits> = {}) {
  const all = { bytesMax: 1e9, ageMsMax: 1e15, lookEvery: 1_000, ...limits };
  let isClosed = false;
  const spool = await openProbeSpool(folder, { now: () => NOW, newId: () => `spool_${Math.random()}`, limits: all });
  const close = () => {
    if (!isClosed) spool.close();
    isClosed = true;
  };
  t.after(close);
  return { ...spool, close };
}
