import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backupChoice } from './backup-choice.ts';

for (const [typed, choice] of [
  ['bak_01k9example', { by: 'id', id: 'bak_01k9example' }],
  ['latest:db', { by: 'service', service: 'db' }],
  ['db', { by: 'service', service: 'db' }],
  ['bak-office', { by: 'service', service: 'bak-office' }],
] as const) {
  test(`${typed} is the backup ${JSON.stringify(choice)}`, () => {
    assert.deepEqual(backupChoice(typed), choice);
  });
}
