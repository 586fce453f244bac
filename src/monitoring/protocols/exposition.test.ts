import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ExpositionUnreadable, samplesIn } from './exposition.ts';

const LIMITS = { seriesMax: 100, lineBytesMax: 1_000 };

function read(text: string, limits = LIMITS) {
  return [...samplesIn(Buffer.from(text), () => true, limits)].map(
    (sample) => sample && [sample.name, Object.fromEntries(sample.labels), sample.value],
  );
}

const LINES: Readonly<Record<string, unknown>> = {
  'up 1': ['up', {}, 1],
  'up{} 1': ['up', {}, 1],
  'a:b{c="d",e="f",} 1.5e3 1395066363000': ['a:b', { c: 'd', e: 'f' }, 1500],
  ' up { job = "a b" , x="}" }\t-.5\r': ['up', { job: 'a b', x: '}' }, -0.5],
  [String.raw`a{b="C:\\D\n\"x\""} +Inf`]: ['a', { b: 'C:\\D\n"x"' }, Infinity],
  'a_bucket{le="0.5"} 7 # {trace_id="hush"} 0.4 1520879607.789': ['a_bucket', { le: '0.5' }, 7],
  'a NaN': ['a', {}, Number.NaN],
  '{"my.name", x="y"} 1': undefined,
};

for (const [line, sample] of Object.entries(LINES)) {
  test(`${JSON.stringify(line)} is read`, () => assert.deepEqual(read(`# HELP a b\n\n${line}\n# EOF\n`), [sample]));
}

for (const line of [
  '<html>',
  'up',
  'up one',
  'up{a} 1',
  'up{a="b" c="d"} 1',
  'up{a="b} 1',
  'up{a="b"',
  'up 0x10',
  '1up 1',
]) {
  test(`${line} is refused, with the number of its line`, () => {
    assert.throws(() => read(`ok 1\n${line} \n`), new ExpositionUnreadable('line 2 is no metric'));
  });
}

test('what is too much is refused', () => {
  assert.throws(() => read('a 1\n'.repeat(101)), /more than 100 series/);
  assert.throws(() => read(`a{b="${'x'.repeat(1_000)}"} 1`), /line 1 is longer than 1000 bytes/);
});

test('of what nobody wants nothing but the name is read', () => {
  const samples = [...samplesIn(Buffer.from('a{this is wrong\nb 2\n'), (name) => name === 'b', LIMITS)];

  assert.deepEqual(
    samples.map((sample) => sample?.value),
    [undefined, 2],
  );
});

test('whatever is written can be read again', () => {
  const anyName = fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,9}$/);
  const anyLabel = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,9}$/);
  const anySample = fc.record({
    name: anyName,
    labels: fc.dictionary(anyLabel, fc.string({ maxLength: 20 }), { maxKeys: 4, noNullPrototype: true }),
    value: fc.double(),
  });
  const quote = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;

  fc.assert(
    fc.property(fc.array(anySample, { maxLength: 10 }), (samples) => {
      const text = samples.map(({ name, labels, value }) => {
        const written = Object.entries(labels).map(([label, each]) => `${label}=${quote(each)}`);
        return `${name}{${written.join(',')}} ${Object.is(value, -0) ? 0 : value === Infinity ? '+Inf' : value === -Infinity ? '-Inf' : value}\n`;
      });

      const expected = samples.map(({ name, labels, value }) => [name, labels, value === 0 ? 0 : value]);
      assert.deepEqual(read(text.join('')), expected);
    }),
    { numRuns: 500 },
  );
});

test('whatever comes is read or refused, quickly, never anything else', () => {
  const pieces = fc.constantFrom(
    'a',
    '{',
    '}',
    '"',
    '\\',
    ',',
    '=',
    ' ',
    '\n',
    '#',
    '1',
    'le',
    'NaN',
    '\t',
    '\u0000',
    'é',
  );
  const hostile = fc.oneof(
    fc.array(pieces, { maxLength: 300 }).map((parts) => Buffer.from(parts.join(''))),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  );

  fc.assert(
    fc.property(hostile, (bytes) => {
      try {
        for (const sample of samplesIn(bytes, () => true, LIMITS)) assert.equal(typeof (sample?.value ?? 0), 'number');
      } catch (error) {
        assert.ok(error instanceof ExpositionUnreadable);
      }
    }),
    { numRuns: 5_000 },
  );
});

test('lines that are made to be slow are not', () => {
  const big = { seriesMax: 100, lineBytesMax: 64 * 1024 };
  for (const line of [
    `a{${'b="c" '.repeat(9_000)}`,
    `a{b="${'\\'.repeat(60_000)}`,
    `a${' '.repeat(60_000)}x`,
    `a 1${' '.repeat(60_000)}x`,
    `a 1 ${'1'.repeat(60_000)}x`,
  ]) {
    const startedAt = performance.now();
    assert.throws(() => read(line, big), ExpositionUnreadable);
    assert.ok(performance.now() - startedAt < 200, line.slice(0, 20));
  }
});
