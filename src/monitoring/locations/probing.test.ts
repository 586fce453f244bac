import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noBrowser } from '../../../test/support/fake-browser.ts';
import { FakeClock } from '../../../test/support/fake-clock.ts';
import { fakeHost } from '../../../test/support/fake-host.ts';
import { located } from '../../../test/support/located.ts';
import { scriptedNet } from '../../../test/support/scripted-net.ts';
import { recordingLog } from '../../../test/support/silent-log.ts';
import type { Net } from '../../kernel/net.ts';
import { monitorTypes } from '../types/index.ts';
import { createProbing } from './probing.ts';

// The manifest loads the types that it names; tests describe monitors without one.
await monitorTypes.loadAll();

test('a probe checks what came in through the API by way of the internet alone', async () => {
  const clock = new FakeClock();
  const asked: string[] = [];
  const probing = createProbing({
    clock,
    net: noting('any', asked),
    apiNet: noting('internet', asked),
    host: fakeHost(),
    browser: noBrowser,
    ids: { secret: () => 'x' },
    log: recordingLog(),
    keep: () => undefined,
  });
  const tcp = { type: 'tcp', settings: { tcp: { host: 'db', port: 5432 } } };
  probing.apply([located('written', ['fra'], tcp), located('added', ['fra'], { ...tcp, reach: 'api' })]);

  probing.start();
  await clock.advance(10_000);
  await probing.stop();

  assert.deepEqual(new Set(asked), new Set(['any', 'internet']));
});

function noting(name: string, asked: string[]): Net {
  const net = scriptedNet();
  const connect: Net['tcp']['connect'] = (target, signal) => {
    asked.push(name);
    return net.tcp.connect(target, signal);
  };
  return { ...net, tcp: { connect } };
}
