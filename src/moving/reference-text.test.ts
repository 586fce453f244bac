import assert from 'node:assert/strict';
import { test } from 'node:test';
import { composeReferences, goReferences } from './reference-text.ts';
import { Unlike } from './unlike.ts';

test('variables with a default stay what they are', () => {
  assert.deepEqual(composeReferences('a${PORT:-80}b').map(String), ['a', '${PORT:-80}', 'b']);
  assert.deepEqual(goReferences('$HOST').map(String), ['${HOST}']);
});

test('nothing that a source says becomes a file which the manifest reads', () => {
  for (const text of ['${file:-/../../../etc/passwd}', '${file:/etc/passwd}', '${file:./.env}']) {
    assert.throws(() => composeReferences(text), Unlike, text);
    assert.throws(() => goReferences(text), Unlike, text);
  }
});
