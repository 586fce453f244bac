import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { startServe, temporaryFolder } from '../support/serve-process.ts';
import { startWebhookReceiver } from '../support/servers/webhook-receiver.ts';

const PATIENCE_MS = 30_000;

test('errors in a log become an alert that arrives with its runbook, and end with the errors [ALR-20/R]', async (t) => {
  const folder = temporaryFolder(t);
  const hook = await startWebhookReceiver(t);
  const file = path.join(folder, 'logs/api.log');
  mkdirSync(path.dirname(file));
  writeFileSync(file, '');
  const manifest = [
    'app: shop',
    'monitors:',
    '  api-log: { log: ./logs/api.log, min_lines: 5, every: 1s }',
    'channels:',
    `  dev: { webhook: "${hook.url}" }`,
  ];
  writeFileSync(path.join(folder, 'evenkeel.yaml'), `${manifest.join('\n')}\n`);
  await startServe(t, { folder });

  await eventually(() => {
    appendFileSync(file, lines({ errors: 5, others: 5 }));
    assert.ok(hook.received.length >= 1);
  }, PATIENCE_MS);
  await eventually(() => {
    appendFileSync(file, lines({ errors: 0, others: 200 }));
    assert.ok(hook.received.length >= 2);
  }, PATIENCE_MS);

  const [opened, resolved] = hook.received.map(({ body }) => body);
  assert.deepEqual([opened?.type, resolved?.type], ['alert.opened', 'alert.resolved']);
  const told = JSON.stringify(opened);
  assert.match(told, /api-log/);
  assert.match(told, /high-error-rate/);
  assert.doesNotMatch(told, /hunter2/, 'what stands in the log stays there');
});

/** As a service writes them: JSON with a level. */
function lines({ errors, others }: { readonly errors: number; readonly others: number }): string {
  const line = (level: string) => `${JSON.stringify({ level, msg: 'login failed', password: 'hunter2' })}\n`;
  return line('error').repeat(errors) + line('info').repeat(others);
}
