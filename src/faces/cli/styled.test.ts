import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STATES } from '../../contracts/state.ts';
import { bad, bold, clip, line, render, stateWord, widthOf } from './styled.ts';

const ESC = '\u{1b}';

test('colours are written only where they are wanted', () => {
  const text = line`${bold('shop')} is ${bad('down')}`;

  assert.equal(render(text, false), 'shop is down');
  assert.equal(render(text, true), `${ESC}[1mshop${ESC}[22m is ${ESC}[31mdown${ESC}[39m`);
});

test('what comes from outside cannot steer the terminal', () => {
  const reason = `${ESC}]0;owned\u{7}${ESC}[2J\u{9b}31m\u{202e}gpj`;

  const text = render(line`reason: ${reason}`, true);

  assert.doesNotMatch(text, /[\p{Cc}\u202e]/v);
  assert.match(text, /owned/);
});

for (const state of STATES) {
  test(`${state} is said in words, not only by colour and symbol`, () => {
    assert.match(render(stateWord(state), false), new RegExp(`^. ${state}$`));
  });
}

test('ideographs and emoji take two columns, combining marks none', () => {
  assert.deepEqual(['web', '日本', '🚀', 'e\u{301}'].map(widthOf), [3, 4, 2, 1]);
});

test('text that does not fit ends in an ellipsis and keeps its style', () => {
  const clipped = clip(bad('connection refused'), 11);

  assert.equal(render(clipped, false), 'connection…');
  assert.match(render(clipped, true), /\[31m/);
});
