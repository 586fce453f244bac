import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type LlmAnswer, type LlmKind, llmStream } from './llm-stream.ts';

const chunk = (delta: object, finish: string | null = null, rest: object = {}) =>
  `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }], ...rest })}\n\n`;

const STREAM = [
  ': keep-alive\n\n',
  chunk({ role: 'assistant', content: '' }),
  chunk({ content: 'Ök' }),
  chunk({ content: '.' }),
  chunk({}, 'stop'),
  `data: ${JSON.stringify({ choices: [], usage: { total_tokens: 12 } })}\n\n`,
  'data: [DONE]\n\n',
].join('');

const LINES = [
  { model: 'm', message: { role: 'assistant', content: 'Ök' }, done: false },
  { model: 'm', message: { role: 'assistant', content: '.' }, done: false },
  {
    model: 'm',
    message: { role: 'assistant', content: '' },
    done: true,
    done_reason: 'stop',
    prompt_eval_count: 10,
    eval_count: 2,
  },
]
  .map((line) => `${JSON.stringify(line)}\n`)
  .join('');

const WHOLE = { text: 'Ök.', hasBegun: true, endedBecause: 'stop', tokens: 12, error: undefined, isUnreadable: false };

for (const [kind, text] of [
  ['openai', STREAM],
  ['openai', STREAM.replaceAll('\n', '\r\n')],
  ['ollama', LINES],
] as const) {
  test(`a stream of ${kind} is understood however it is cut`, () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60 }), (lengths) => {
        assert.deepEqual(readAll(kind, Buffer.from(text), lengths), WHOLE);
      }),
    );
  });
}

test('the first word is told when it comes, and a role is no word', () => {
  const stream = llmStream('openai');

  assert.equal(stream.push(Buffer.from(chunk({ role: 'assistant', content: '' }))).hasBegun, false);
  assert.equal(stream.push(Buffer.from(chunk({ content: 'O' }))).hasBegun, true);
});

test('thoughts begin an answer, and are none', () => {
  const openai = readAll('openai', Buffer.from(chunk({ reasoning_content: 'Hm' }) + chunk({}, 'length')), []);
  const ollama = readAll('ollama', Buffer.from('{"message":{"content":"","thinking":"Hm"},"done":false}\n'), []);

  assert.deepEqual([openai.hasBegun, openai.text, openai.endedBecause], [true, '', 'length']);
  assert.deepEqual([ollama.hasBegun, ollama.text, ollama.endedBecause], [true, '', undefined]);
});

test('an answer that is not streamed is understood as well', () => {
  const whole = {
    choices: [{ message: { role: 'assistant', content: 'Ök.' }, finish_reason: 'stop' }],
    usage: { total_tokens: 12 },
  };

  assert.deepEqual(readAll('openai', Buffer.from(JSON.stringify(whole)), []), WHOLE);
});

test('an error in the middle is told', () => {
  for (const [kind, text] of [
    ['openai', `${chunk({ content: 'O' })}data: {"error":{"message":"overloaded"}}\n\n`],
    ['ollama', '{"error":"overloaded"}\n'],
  ] as const) {
    assert.equal(readAll(kind, Buffer.from(text), []).error, 'overloaded');
  }
});

test('anything else is unreadable, whatever it is', () => {
  for (const kind of ['openai', 'ollama'] as const) {
    assert.equal(readAll(kind, Buffer.from('<html>no</html>'), []).isUnreadable, true);
    assert.equal(readAll(kind, Buffer.alloc(200_000, 'x'), [70_000]).isUnreadable, true);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.array(fc.integer({ min: 1, max: 50 })), (bytes, lengths) => {
        assert.equal(typeof readAll(kind, bytes, lengths).text, 'string');
      }),
    );
    fc.assert(
      fc.property(fc.json(), (json) => {
        assert.equal(typeof readAll(kind, Buffer.from(`data: ${json}\n`), []).isUnreadable, 'boolean');
      }),
    );
  }
});

function readAll(kind: LlmKind, bytes: Uint8Array, lengths: readonly number[]): LlmAnswer {
  const stream = llmStream(kind);
  let at = 0;
  for (const length of lengths) {
    stream.push(bytes.subarray(at, at + length));
    at += length;
  }
  stream.push(bytes.subarray(at));
  return stream.end();
}
