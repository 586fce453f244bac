import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { createHostGate } from './host-gate.ts';

test('only ten checks of one host run at once, and those that wait come in their order', async () => {
  const { gate, started, end } = setUp();

  for (let number = 0; number < 15; number += 1) gate.run('shop.example', number);
  await setImmediate();
  assert.equal(started.length, 10);

  end(3);
  end(7);
  await setImmediate();

  assert.deepEqual(started.slice(10), [10, 11]);
});

test('one host does not keep another waiting', async () => {
  const { gate, started } = setUp();
  for (let number = 0; number < 10; number += 1) gate.run('slow.example', number);

  gate.run('fast.example', 10);
  await setImmediate();

  assert.ok(started.includes(10));
});

test('a host of which nothing answers has room enough to be checked as often as it should be', async () => {
  const { gate, started } = setUp();
  gate.resize(Array.from({ length: 200 }, () => ({ host: 'dead.example', intervalMs: 60_000, timeoutMs: 10_000 })));

  for (let number = 0; number < 200; number += 1) gate.run('dead.example', number);
  await setImmediate();

  // 200 checks of 10 s a minute keep 33 busy; half as much again is allowed.
  assert.ok(started.length >= 50 && started.length < 60, `${started.length} ran at once`);
});

test('what fails makes room too', async () => {
  const gate = createHostGate();
  const broken = () => Promise.reject(new Error('It is broken.'));
  for (let number = 0; number < 30; number += 1) await assert.rejects(gate.enter('shop.example', broken));

  let hasRun = false;
  await gate.enter('shop.example', async () => {
    hasRun = true;
  });

  assert.ok(hasRun);
});

function setUp() {
  const gate = createHostGate();
  const started: number[] = [];
  const ends = new Map<number, () => void>();
  const run = (host: string, number: number) =>
    void gate.enter(host, () => {
      started.push(number);
      return new Promise<void>((resolve) => ends.set(number, resolve));
    });
  return { gate: { ...gate, run }, started, end: (number: number) => ends.get(number)?.() };
}
