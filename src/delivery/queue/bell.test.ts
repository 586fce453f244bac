import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../test/support/fake-clock.ts';
import { createBell } from './bell.ts';

test('wakes at once who waits for it', async () => {
  const { bell, wait } = waiting();
  const woken = wait();

  bell.ring();

  await woken;
});

test('wakes nobody before time is up', async () => {
  const { clock, wait, wakings } = waiting();
  const woken = wait();

  await clock.advance(999);
  assert.equal(wakings(), 0);
  await clock.advance(1);

  await woken;
});

test('remembers a ring that nobody waited for, once, and leaves everybody else a moment first', async () => {
  const { bell, clock, wait, wakings } = waiting();
  bell.ring();

  const first = wait();
  await clock.advance(0);
  assert.equal(wakings(), 0);
  await clock.advance(1);
  await first;
  const second = wait();
  await clock.advance(1);
  assert.equal(wakings(), 1);

  await clock.advance(999);
  await second;
});

test('does not hold up who stops', async () => {
  const { wait, stopping } = waiting();
  const woken = wait();

  stopping.abort();

  await woken;
});

function waiting() {
  const clock = new FakeClock();
  const bell = createBell(clock);
  const stopping = new AbortController();
  let count = 0;
  const wait = async () => {
    await bell.wait(1_000, stopping.signal);
    count += 1;
  };
  return { clock, bell, wait, stopping, wakings: () => count };
}
