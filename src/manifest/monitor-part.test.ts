import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { filesWith, isMonitorPart, monitorPartFile, monitorPartText } from './monitor-part.ts';
import { cutReferences } from './references.ts';

test('is a file that a person can review, and that says where it comes from', () => {
  const entry = { http: 'https://shop.example/checkout', every: '30s', expect: ['[STATUS] == 200'] };

  assert.equal(monitorPartFile('checkout'), 'evenkeel.d/checkout.yaml');
  assert.equal(
    monitorPartText({ name: 'checkout', entry, by: 'token ci' }),
    [
      '# Added by `evenkeel monitor add` for token ci; `evenkeel monitor remove checkout` takes it out.',
      'monitors:',
      '  checkout:',
      '    http: https://shop.example/checkout',
      '    every: 30s',
      '    expect:',
      '      - "[STATUS] == 200"',
      '',
    ].join('\n'),
  );
});

test('whatever is typed is a text, and never filled in from the environment', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('$', '{', '}', 'A', ':', '-', '\n', '#', '"') }), (typed) => {
      const text = monitorPartText({ name: 'x', entry: { http: typed }, by: 'token ci' });
      const pieces = cutReferences(String(parse(text).monitors.x.http));

      assert.ok(pieces.every(({ kind }) => kind === 'literal'));
      assert.equal(pieces.map((piece) => (piece.kind === 'literal' ? piece.text : '')).join(''), typed);
    }),
  );
});

test('a name with a line break in it cannot write a second line', () => {
  const text = monitorPartText({ name: 'x', entry: { tcp: 'db:1' }, by: 'token a\nmonitors: {}' });

  assert.equal(text.split('\n')[1], 'monitors:');
  assert.ok(isMonitorPart(text));
});

test('shows the folder as it would be with the file, or without it', async () => {
  const files = {
    read: async (file: string) => `text of ${file}`,
    list: async () => ['a.yaml', 'c.yaml'],
  };
  const added = filesWith(files, '/app/evenkeel.d/b.yaml', 'new');
  const removed = filesWith(files, '/app/evenkeel.d/a.yaml', undefined);

  assert.deepEqual(await added.list('/app/evenkeel.d'), ['a.yaml', 'b.yaml', 'c.yaml']);
  assert.equal(await added.read('/app/evenkeel.d/b.yaml', { bytesMax: 1 }), 'new');
  assert.deepEqual(await removed.list('/app/evenkeel.d'), ['c.yaml']);
  assert.equal(await removed.read('/app/evenkeel.d/a.yaml', { bytesMax: 1 }), undefined);
  assert.equal(await removed.read('/app/evenkeel.yaml', { bytesMax: 1 }), 'text of /app/evenkeel.yaml');
});
