import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { notice } from '../../../test/support/channel-io.ts';
import { webhookBody } from './body.ts';

const LEFT_OUT = 'The rest was left out: this message is too long for a webhook.';

test('what programs are told stands beside what people read, and cannot take its place', () => {
  const { data } = JSON.parse(webhookBody(notice({ data: { alert: 'alt_1', title: 'something else' } })));

  assert.deepEqual([data.alert, data.title], ['alt_1', 'api is down']);
});

test('a long text keeps its first sentences and says that there was more', () => {
  const sentences = Array.from({ length: 100 }, (_sentence, index) => `${index} ${'x'.repeat(500)}`);

  const body = webhookBody(notice({ text: sentences }));
  const { data } = JSON.parse(body);

  assert.ok(Buffer.byteLength(body) < 20_000 && Buffer.byteLength(body) > 19_000);
  assert.deepEqual(data.text.slice(0, -1), sentences.slice(0, data.text.length - 1));
  assert.equal(data.text.at(-1), LEFT_OUT);
  assert.deepEqual([data.alert, data.facts.length], ['alt_1', 2]);
});

test('facts and links go before what programs read', () => {
  const facts = [{ label: 'Log', value: 'x'.repeat(30_000) }];

  const { data } = JSON.parse(webhookBody(notice({ facts })));

  assert.deepEqual([data.facts, data.links, data.alert], [[], [], 'alt_1']);
  assert.deepEqual(data.text, [...notice().text, LEFT_OUT]);
});

test('what programs read goes last, and only when it does not fit by itself', () => {
  const { data } = JSON.parse(webhookBody(notice({ data: { log: 'x'.repeat(30_000) } })));

  assert.deepEqual([data.log, data.title, data.severity], [undefined, 'api is down', 'critical']);
  assert.deepEqual(data.text, [...notice().text, LEFT_OUT]);
});

test('whatever the message, the body is JSON below 20 kB with all its keys', () => {
  const text = fc.string({ unit: 'binary', size: 'large', maxLength: 9_000 });
  const row = fc.record({ label: text, value: text });
  const parts = fc.record({
    title: text,
    text: fc.array(text, { maxLength: 5 }),
    facts: fc.array(row, { maxLength: 3 }),
  });
  fc.assert(
    fc.property(parts, fc.dictionary(text, text, { maxKeys: 3 }), (given, data) => {
      const body = webhookBody(notice({ ...given, data }));
      const parsed = JSON.parse(body);
      assert.ok(Buffer.byteLength(body) < 20_000);
      assert.deepEqual(Object.keys(parsed), ['type', 'timestamp', 'data']);
      for (const key of ['title', 'text', 'severity', 'facts', 'links']) assert.ok(key in parsed.data);
    }),
    { numRuns: 30 },
  );
});
