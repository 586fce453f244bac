import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { nearestWord } from './nearest-word.ts';

const words = ['health', 'heartbeat', 'http', 'tcp', 'depends_on', 'every', 'redis'];

describe('the nearest word', () => {
  const cases: readonly (readonly [typed: string, meant: string | undefined])[] = [
    ['helth', 'health'],
    ['heatlh', 'health'],
    ['Health', 'health'],
    ['htp', 'http'],
    ['tpc', 'tcp'],
    ['evry', 'every'],
    ['dependson', 'depends_on'],
    ['depend_on', 'depends_on'],
    ['radish', 'redis'],
    ['zzz', undefined],
    ['x', undefined],
    ['', undefined],
    ['something else altogether', undefined],
  ];
  for (const [typed, meant] of cases) {
    test(`for "${typed}" is ${meant ?? 'none'}`, () => assert.equal(nearestWord(typed, words), meant));
  }
});
