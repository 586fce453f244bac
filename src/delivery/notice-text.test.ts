import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { notice } from '../../test/support/channel-io.ts';
import { headline, oneLine, plainText, shortened, timeOf } from './notice-text.ts';

test('the headline says the state as a word, and what is over is resolved whatever it was', () => {
  assert.equal(headline(notice()), '[critical] shop: api is down');
  assert.equal(headline(notice({ phase: 'resolved', title: 'api is back' })), '[resolved] shop: api is back');
  assert.equal(headline(notice({ severity: 'warning', title: 'api\r\nis slow' })), '[warning] shop: api is slow');
  assert.equal(headline(notice({ severity: 'info', phase: 'note', title: 'a test' })), '[info] shop: a test');
});

test('facts and links stand in columns, and a value of several lines stays in its own', () => {
  const facts = [
    { label: 'Monitor', value: 'api' },
    { label: 'Also', value: 'web\nworker' },
  ];
  const links = [{ label: 'Status page', url: 'https://status.shop.example/' }];

  assert.equal(
    plainText(notice({ facts, links, text: ['It broke.'] })),
    `[critical] shop: api is down

It broke.

Monitor      api
Also         web
             worker

Status page  https://status.shop.example/

-- 
Evenkeel, 2026-01-05 09:00:00 UTC`,
  );
});

test('what a message does not have leaves no gap', () => {
  const text = plainText(notice({ text: [], facts: [], links: [] }));

  assert.equal(text, '[critical] shop: api is down\n\n-- \nEvenkeel, 2026-01-05 09:00:00 UTC');
});

test('a time is told to the second and in UTC', () => {
  assert.equal(timeOf(Date.parse('2026-03-29T01:02:03.999Z')), '2026-03-29 01:02:03 UTC');
});

test('one line is one line, whatever stands in it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.doesNotMatch(oneLine(text), /[\p{Cc}\u2028\u2029]/u);
    }),
  );
  assert.equal(oneLine(' a\u0000\r\n\u2028 b\t'), 'a b');
});

test('a text is shortened to whole characters and says so', () => {
  assert.equal(shortened('abcd', 4), 'abcd');
  assert.equal(shortened('abcde', 4), 'abc…');
  assert.equal(shortened('ab🔴de', 4), 'ab…');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 20 }), (text, max) => {
      const short = shortened(text, max);
      assert.ok(short.length <= max && short.isWellFormed());
      assert.equal(short.endsWith('…') || short === text, true);
    }),
  );
});
