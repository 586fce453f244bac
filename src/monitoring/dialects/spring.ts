import type { Part } from '../monitor-type.ts';
import type { Dialect } from '../parts/dialect.ts';
import { createPartList, type PartList } from '../parts/part-list.ts';
import { detailIn, objectOf, stateOfWord } from '../parts/said.ts';

const WORDS: Readonly<Record<string, Part['state']>> = {
  up: 'up',
  down: 'down',
  out_of_service: 'down',
  unknown: 'unknown',
};
const OWN_WORD = /^(?:UP|DOWN|OUT_OF_SERVICE|UNKNOWN)$/;
/** A composite holds composites: a group, its contributors, and theirs. */
const DEPTH_MAX = 5;

export const spring: Dialect = {
  name: 'spring',
  summary: 'Spring Boot Actuator: UP, DOWN, OUT_OF_SERVICE or UNKNOWN, and components that may hold others.',
  recognises({ json }) {
    const root = objectOf(json);
    const status = root.get('status');
    return typeof status === 'string' && OWN_WORD.test(status) && !Array.isArray(root.get('checks'));
  },
  read(answer) {
    const { json } = answer;
    const root = objectOf(json);
    if (typeof root.get('status') !== 'string') return undefined;
    const list = createPartList(answer);
    addInner(list, root, '', 1);
    // A word that somebody made up says nothing by itself; the HTTP status does.
    return { state: stateOfWord(root.get('status'), WORDS) ?? 'unknown', parts: list.parts() };
  },
};

function addInner(list: PartList, outer: ReadonlyMap<string, unknown>, path: string, depth: number): void {
  if (depth > DEPTH_MAX) return;
  for (const [name, inner] of innerOf(outer)) {
    const component = objectOf(inner);
    if (typeof component.get('status') !== 'string') continue;
    const state = stateOfWord(component.get('status'), WORDS) ?? 'unknown';
    const detail = detailIn(objectOf(component.get('details'))) ?? detailIn(component);
    list.add(`${path}${name}`, state, detail);
    addInner(list, component, `${path}${name}/`, depth + 1);
  }
}

/** `components` since Spring Boot 2.2; `details` before, where a component has its own facts under the same key. */
function innerOf(outer: ReadonlyMap<string, unknown>): ReadonlyMap<string, unknown> {
  const components = objectOf(outer.get('components'));
  return components.size > 0 ? components : objectOf(outer.get('details'));
}
