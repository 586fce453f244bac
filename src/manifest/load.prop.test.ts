import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadText, SAMPLE, SAMPLE_VARIABLES } from '../../test/support/manifests.ts';

const SIGNS = [
  '\t',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  ':',
  ': ',
  '- ',
  '\n',
  '\n---\n',
  '#',
  '&a ',
  '*a',
  '!x ',
  '|',
  '? ',
];
const TRAPS = [
  '<<: *a',
  '${',
  '${X}',
  '${X:-y}',
  '$${',
  '${file:./x}',
  '__proto__: 1',
  '\u{feff}',
  '\0',
  '\r\n',
  '\u{1b}[2J',
];
const VALUES = [
  'null',
  '~',
  'true',
  '1e999',
  '.nan',
  '0x1F',
  'on',
  '2001-01-01',
  'app: x\n',
  'services: 5\n',
  '%YAML 1.1\n',
];

const mutation = fc.record({
  at: fc.nat(SAMPLE.length),
  removed: fc.nat(40),
  added: fc.oneof(fc.constantFrom(...SIGNS, ...TRAPS, ...VALUES), fc.string({ maxLength: 10 })),
});
const mutated = fc
  .array(mutation, { minLength: 1, maxLength: 6 })
  .map((mutations) =>
    mutations.reduce((text, { at, removed, added }) => text.slice(0, at) + added + text.slice(at + removed), SAMPLE),
  );

test('whatever happens to the sample, it loads or its problems have places in the file', async () => {
  await fc.assert(
    fc.asyncProperty(mutated, async (text) => {
      const result = await loadText(text, { variables: { ...SAMPLE_VARIABLES, X: 'x: [' } });

      const problems = result.outcome === 'loaded' ? result.warnings : result.problems;
      assert.ok(result.outcome === 'loaded' || problems.length > 0);
      const lines = text.split('\n').length;
      for (const { line, column, message } of problems) {
        assert.ok(line >= 1 && line <= lines, `line ${line} of ${lines}: ${message}`);
        assert.ok(column >= 1);
        assert.doesNotMatch(message, /hunter2|undefined|\[object|\n/);
      }
    }),
    { numRuns: 200 },
  );
});
