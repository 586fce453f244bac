import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { bad } from './styled.ts';
import { createTerminal, type TerminalFacts } from './terminal.ts';

const WISHES = { noColour: undefined, term: 'xterm', accessible: undefined };

const PLAIN: readonly { readonly why: string; readonly isTTY: boolean; readonly wishes: Partial<TerminalFacts> }[] = [
  { why: 'a pipe', isTTY: false, wishes: {} },
  { why: 'NO_COLOR', isTTY: true, wishes: { noColour: '1' } },
  { why: 'TERM=dumb', isTTY: true, wishes: { term: 'dumb' } },
  { why: 'ACCESSIBLE', isTTY: true, wishes: { accessible: '1' } },
];

for (const { why, isTTY, wishes } of PLAIN) {
  test(`${why} gets no escape byte`, () => {
    assert.equal(written({ isTTY, wishes }), '✗ down\n');
  });
}

test('a terminal gets colours, also with an empty NO_COLOR', () => {
  assert.match(written({ isTTY: true, wishes: { noColour: '' } }), /^\p{Cc}\[31m/u);
});

test('JSON leaves nothing as it is that could steer a terminal', () => {
  const stdout = new PassThrough();
  const document = { reason: '\u{1b}[2J\u{9b}31m\u{202e}gpj\u{2069}' };

  createTerminal({ stdout, stderr: new PassThrough(), ...WISHES }).json(document);

  const text = String(stdout.read());
  assert.doesNotMatch(text, /[[\p{Cc}--\n]\u202a-\u202e\u2066-\u2069]/v);
  assert.deepEqual(JSON.parse(text), document);
});

test('a reader that closes the pipe early is no failure', () => {
  const stdout = new PassThrough();
  createTerminal({ stdout, stderr: new PassThrough(), ...WISHES });

  assert.doesNotThrow(() => stdout.emit('error', Object.assign(new Error('closed'), { code: 'EPIPE' })));
  assert.throws(() => stdout.emit('error', Object.assign(new Error('full'), { code: 'ENOSPC' })));
});

function written({ isTTY, wishes }: { isTTY: boolean; wishes: Partial<TerminalFacts> }): string {
  const stdout = Object.assign(new PassThrough(), { isTTY });
  createTerminal({ stdout, stderr: new PassThrough(), ...WISHES, ...wishes }).out(bad('✗ down'));
  return String(stdout.read());
}
