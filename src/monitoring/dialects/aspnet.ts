import type { Part } from '../monitor-type.ts';
import type { Dialect, HealthAnswer } from '../parts/dialect.ts';
import { createPartList } from '../parts/part-list.ts';
import { detailIn, objectOf, stateOfWord } from '../parts/said.ts';

const WORDS: Readonly<Record<string, Part['state']>> = { healthy: 'up', degraded: 'degraded', unhealthy: 'down' };

export const aspnet: Dialect = {
  name: 'aspnet',
  summary: 'ASP.NET Core: Healthy, Degraded or Unhealthy, as plain text or with the entries of the Xabaril writer.',
  recognises: (answer) => rootOf(answer) !== undefined,
  read(answer) {
    const state = rootOf(answer);
    if (state === undefined) return undefined;
    const list = createPartList(answer);
    for (const [name, each] of objectOf(objectOf(answer.json).get('entries'))) {
      const entry = objectOf(each);
      list.add(name, stateOfWord(entry.get('status'), WORDS) ?? 'unknown', detailIn(entry));
    }
    return { state, parts: list.parts() };
  },
};

/** The whole body is the word, unless a writer made JSON of it. */
function rootOf({ text, json }: HealthAnswer): Part['state'] | undefined {
  return stateOfWord(typeof json === 'object' ? objectOf(json).get('status') : text, WORDS);
}
