import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aMonitorView } from '../../../test/support/api-answers.ts';
import { monitorTable } from './monitor-table.ts';
import { render } from './styled.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');

const cases = [
  { name: 'what is watched, while all is well', monitor: {}, says: /http shop\.example/ },
  { name: 'the reason of an outage', monitor: { state: 'down', reason: 'It fell over.' }, says: /It fell over\./ },
  {
    name: 'the cause before the reason',
    monitor: { state: 'down', reason: 'It fell over.', rootCause: 'db' },
    says: /comes from db: It fell over\./,
  },
  {
    name: 'a first failure, before it is confirmed',
    monitor: { state: 'unknown', unconfirmed: 'It refused the connection.' },
    says: /unknown.*latest check: It refused the connection\./,
  },
] as const;

for (const { name, monitor, says } of cases) {
  test(`a monitor's line tells ${name}`, () => {
    const [, line] = monitorTable([aMonitorView(monitor)], NOW, null);

    assert.match(render(line ?? '', false), says);
  });
}
