import type { Part } from '../monitor-type.ts';
import type { Dialect } from '../parts/dialect.ts';
import { createPartList, type PartList } from '../parts/part-list.ts';
import { detailIn, objectOf, stateOfWord } from '../parts/said.ts';

const ROOT_WORDS: Readonly<Record<string, Part['state']>> = { ok: 'up', error: 'down', shutting_down: 'down' };
const WORDS: Readonly<Record<string, Part['state']>> = { up: 'up', down: 'down', ok: 'up', error: 'down' };
const SECTIONS = ['info', 'error', 'details'];

/** @nestjs/terminus gives each indicator a status; what @godaddy/terminus passes on has no form of its own. */
export const terminus: Dialect = {
  name: 'terminus',
  summary: 'Terminus of NestJS or GoDaddy for Node: ok or error, and what each indicator says.',
  recognises: ({ json }) => rootOf(json) !== undefined && SECTIONS.some((key) => objectOf(json).has(key)),
  read(answer) {
    const { json } = answer;
    const state = rootOf(json);
    if (state === undefined) return undefined;
    const root = objectOf(json);
    const list = createPartList(answer);
    const told = new Set<string>();
    addAll(list, root.get('error'), { otherwise: 'down', told });
    addAll(list, root.get('info'), { otherwise: 'up', told });
    // Everything once more, and the only place in which some say it at all.
    addAll(list, root.get('details'), { otherwise: undefined, told });
    return { state, parts: list.parts() };
  },
};

interface Section {
  /** What being listed there means, where nothing else is said. */
  readonly otherwise: Part['state'] | undefined;
  /** Names that were told already. */
  readonly told: Set<string>;
}

function addAll(list: PartList, indicators: unknown, { otherwise, told }: Section): void {
  for (const [name, each] of objectOf(indicators)) {
    const indicator = objectOf(each);
    const state = stateOfWord(indicator.get('status'), WORDS) ?? otherwise;
    if (state === undefined || told.has(name)) continue;
    told.add(name);
    list.add(name, state, typeof each === 'string' ? each : detailIn(indicator));
  }
}

function rootOf(json: unknown): Part['state'] | undefined {
  return stateOfWord(objectOf(json).get('status'), ROOT_WORDS);
}
