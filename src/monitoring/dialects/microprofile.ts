import type { Part } from '../monitor-type.ts';
import type { Dialect } from '../parts/dialect.ts';
import { createPartList } from '../parts/part-list.ts';
import { detailIn, listOf, objectOf, stateOfWord } from '../parts/said.ts';

const WORDS: Readonly<Record<string, Part['state']>> = { up: 'up', down: 'down' };

export const microprofile: Dialect = {
  name: 'microprofile',
  summary: 'Eclipse MicroProfile Health 4.0: UP or DOWN, and a list of named checks.',
  recognises: ({ json }) => rootOf(json) !== undefined && Array.isArray(objectOf(json).get('checks')),
  read(answer) {
    const { json } = answer;
    const state = rootOf(json);
    if (state === undefined) return undefined;
    const list = createPartList(answer);
    for (const each of listOf(objectOf(json).get('checks'))) {
      const check = objectOf(each);
      const name = check.get('name');
      if (typeof name !== 'string') continue;
      list.add(name, stateOfWord(check.get('status'), WORDS) ?? 'unknown', detailIn(objectOf(check.get('data'))));
    }
    return { state, parts: list.parts() };
  },
};

function rootOf(json: unknown): Part['state'] | undefined {
  return stateOfWord(objectOf(json).get('status'), WORDS);
}
