import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cutReferences } from './references.ts';

describe('references in a text', () => {
  const cases: readonly (readonly [text: string, pieces: readonly string[]])[] = [
    ['plain', ['literal:plain']],
    ['${A}', ['variable:A']],
    ['${A:-b c}', ['variable:A=b c']],
    ['${A:-}', ['variable:A=']],
    ['http://${HOST}:${PORT}/', ['literal:http://', 'variable:HOST', 'literal::', 'variable:PORT', 'literal:/']],
    ['${file:./secrets/key}', ['file:./secrets/key']],
    ['$${A}', ['literal:${', 'literal:A}']],
    ['$5 and $A', ['literal:$5 and $A']],
    ['${A', ['mistake:${', 'literal:A']],
    ['${}', ['mistake:${}']],
    ['${1A}', ['mistake:${1A}']],
    ['${A:?error}', ['mistake:${A:?error}']],
    ['${A:-${B}}', ['mistake:${', 'literal:}']],
  ];
  for (const [text, expected] of cases) {
    test(`${text} is cut into ${expected.join(' ')}`, () => assert.deepEqual(cutReferences(text).map(show), expected));
  }

  test('a megabyte of references that are never closed takes no longer than any other', { timeout: 5_000 }, () => {
    const pieces = cutReferences(`\${A}${'${'.repeat(500_000)}`);

    assert.deepEqual([pieces.length, show(pieces[0] ?? assert.fail())], [500_001, 'variable:A']);
  });
});

function show(piece: ReturnType<typeof cutReferences>[number]): string {
  if (piece.kind === 'literal') return `literal:${piece.text}`;
  if (piece.kind === 'file') return `file:${piece.path}`;
  if (piece.kind === 'mistake') return `mistake:${piece.written}`;
  return `variable:${piece.name}${piece.fallback === null ? '' : `=${piece.fallback}`}`;
}
