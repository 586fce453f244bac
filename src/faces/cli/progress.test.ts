import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../test/support/fake-clock.ts';
import { createProgress } from './progress.ts';
import type { Piece } from './styled.ts';

test('where a line can stay one line, each step replaces the one before, and the end leaves nothing', () => {
  const shown: (Piece | null)[] = [];
  const progress = createProgress({ live: (text) => shown.push(text), note: () => assert.fail() }, new FakeClock());

  progress.show('reading');
  progress.show('packing');
  progress.end();

  assert.deepEqual(shown, ['reading', 'packing', null]);
});

test('elsewhere there is a line every 30 s', async () => {
  const clock = new FakeClock();
  const noted: Piece[] = [];
  const progress = createProgress({ live: null, note: (text) => noted.push(text) }, clock);

  for (let second = 0; second < 70; second += 1) {
    progress.show(`second ${second}`);
    await clock.advance(1_000);
  }
  progress.end();

  assert.deepEqual(noted, ['second 30', 'second 60']);
});
