import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { notice } from '../../../test/support/channel-io.ts';
import { refusalOf } from '../../../test/support/servers/slack-receiver.ts';
import { slackMessage } from './message.ts';

test('each state has its word and, for those who see colours, its mark', () => {
  const header = (parts: Parameters<typeof notice>[0]) => {
    const [first] = slackMessage({ notice: notice(parts), attempt: 1 }).blocks;
    return first?.type === 'header' ? first.text.text : undefined;
  };

  assert.equal(header({}), '🔴 [critical] shop: api is down');
  assert.equal(header({ severity: 'warning' }), '🟠 [warning] shop: api is down');
  assert.equal(header({ severity: 'info', phase: 'note' }), '🔵 [info] shop: api is down');
  assert.equal(header({ phase: 'resolved', title: 'api is back' }), '🟢 [resolved] shop: api is back');
});

test('more than ten facts go into several sections, in their order', () => {
  const facts = Array.from({ length: 23 }, (_fact, index) => ({ label: `f${index}`, value: `${index}` }));

  const { blocks } = slackMessage({ notice: notice({ facts }), attempt: 1 });

  const fields = blocks.flatMap((block) => ('fields' in block ? [block.fields] : []));
  assert.deepEqual(
    fields.map(({ length }) => length),
    [10, 10, 3],
  );
  assert.deepEqual(
    fields.flat().map(({ text }) => text),
    facts.map(({ label, value }) => `*${label}*\n${value}`),
  );
});

test('whatever stands in a message, Slack takes it and reads nothing into it', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc
      .array(fc.constantFrom('&', '<', '>', '|', '<!channel>', '🔴', '&amp;', '\n', '`', '*'))
      .map((all) => all.join('')),
    fc.integer({ min: 100, max: 4000 }).map((count) => '<&🔴'.repeat(count)),
  );
  const row = fc.record({ label: text, value: text });
  const link = fc.record({
    label: text,
    url: fc.webUrl({ withQueryParameters: true }),
  });
  const parts = fc.record({
    title: text,
    text: fc.array(text, { maxLength: 4 }),
    facts: fc.array(row, { maxLength: 25 }),
    links: fc.array(link, { maxLength: 12 }),
  });
  fc.assert(
    fc.property(parts, fc.integer({ min: 1, max: 300 }), (given, attempt) => {
      const message = slackMessage({ notice: notice(given), attempt });
      assert.equal(refusalOf({ ...message }), undefined, JSON.stringify(message));
    }),
    { numRuns: 100 },
  );
});

test('what only looks like a mention, a channel or a link stays text', () => {
  const { blocks } = slackMessage({ notice: notice({ text: ['@channel http://evil.example #general'] }), attempt: 1 });

  const marked = blocks.flatMap((block) => {
    if (block.type === 'context') return block.elements;
    if ('fields' in block) return block.fields;
    return block.type === 'section' ? [block.text] : [];
  });
  assert.ok(marked.length > 3);
  assert.ok(marked.every(({ verbatim }) => verbatim));
});
