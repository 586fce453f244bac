import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fillAddress, fillBody, templateOf } from './template.ts';

test('names end where a name can no longer go on', () => {
  assert.deepEqual(templateOf('/[CONTEXT].order-id/[CONTEXT].a.json?b=[CONTEXT].a').names, ['order-id', 'a']);
  assert.deepEqual(templateOf('[CONTEXT] [CONTEXT].1 [context].x').names, []);
});

const addresses: readonly (readonly [written: string, value: unknown, filled: string | undefined])[] = [
  ['https://shop.example/orders/[CONTEXT].v', 'a/b?c#d@e:f', 'https://shop.example/orders/a%2Fb%3Fc%23d%40e%3Af'],
  ['https://shop.example/orders/[CONTEXT].v?x=1', 42, 'https://shop.example/orders/42?x=1'],
  [
    'https://shop.example/?next=[CONTEXT].v',
    '//evil.example/&a=b',
    'https://shop.example/?next=%2F%2Fevil.example%2F%26a%3Db',
  ],
  ['https://a:[CONTEXT].v@shop.example/', '@evil.example/', 'https://a:%40evil.example%2F@shop.example/'],
  ['https://shop.example/orders/[CONTEXT].v', '..', undefined],
  ['https://shop.example/orders/.[CONTEXT].v', '.', undefined],
  ['https://shop.example/orders/[CONTEXT].v/items', '.', undefined],
];

for (const [written, value, filled] of addresses) {
  test(`${JSON.stringify(value)} in ${written} gives ${filled}`, () => {
    assert.equal(fillAddress(written, templateOf(written), new Map([['v', value]])), filled);
  });
}

test('no value changes where an address leads', () => {
  const written = 'https://a:[CONTEXT].v@shop.example:8443/x/[CONTEXT].v/y?z=[CONTEXT].v#[CONTEXT].v';
  const hostile = fc.constantFrom('..', '.', '%2e%2e', '/', '\\', '@', '//evil.example', '\u0000', '\ud800', '\t');
  const values = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(hostile).map((parts) => parts.join('')),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(values, (value) => {
      const filled = fillAddress(written, templateOf(written), new Map([['v', value]]));
      if (filled === undefined) return;
      const { origin, pathname } = new URL(filled);
      assert.equal(origin, 'https://shop.example:8443');
      assert.match(pathname, /^\/x\/[^/]*\/y$/);
    }),
    { numRuns: 1000 },
  );
});

test('in JSON a value is written as JSON, whether it stands in quotes or not', () => {
  const written = '{"id": [CONTEXT].id, "note": "for [CONTEXT].note", "said": "\\"[CONTEXT].note"}';
  const values = fc.record({ id: fc.jsonValue(), note: fc.string({ unit: 'binary' }) });
  fc.assert(
    fc.property(values, ({ id, note }) => {
      const kept = new Map<string, unknown>(Object.entries({ id, note }));
      assert.deepEqual(JSON.parse(fillBody(templateOf(written), kept)), {
        id: JSON.parse(JSON.stringify(id)),
        note: `for ${note}`,
        said: `"${note}`,
      });
    }),
  );
});

test('in any other body a value is written as it is', () => {
  const kept = new Map<string, unknown>([['v', 'a"b']]);

  assert.equal(fillBody(templateOf('v=[CONTEXT].v'), kept), 'v=a"b');
  assert.equal(fillBody(templateOf('[CONTEXT].v'), kept), 'a"b');
});
