import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openCanaryTarget } from './canary-target.ts';

test('always answers that it does not work, and only on this machine', async () => {
  const target = await openCanaryTarget();

  assert.match(target.url, /^http:\/\/127\.0\.0\.1:\d+\/$/);
  assert.equal((await fetch(target.url)).status, 503);
  await target.close();
  await assert.rejects(fetch(target.url));
});
