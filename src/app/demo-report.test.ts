import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstResults } from './demo-report.ts';

const report = { address: 'http://127.0.0.1:7373', dataDir: '.evenkeel/demo', monitors: [], apiPort: null };

test('the first words of the demonstration name the page, the log and what to try', () => {
  const text = firstResults(report);

  for (const part of ['http://127.0.0.1:7373/', '.evenkeel/demo/demo.log', 'break.ts api down', 'Ctrl-C']) {
    assert.ok(text.includes(part), part);
  }
});

test('what to try also works when the shop had to move to other ports', () => {
  assert.match(firstResults({ ...report, apiPort: 40_001 }), /API_PORT=40001 \S+ examples\/shop\/break\.ts api down/);
});
