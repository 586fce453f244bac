import type { Part } from '../monitor-type.ts';
import type { Dialect } from '../parts/dialect.ts';
import { createPartList, type PartList } from '../parts/part-list.ts';
import { detailIn, objectOf, stateOfWord } from '../parts/said.ts';

/** draft-inadarei-api-health-check-06, §3.1: words and their aliases, in any case. */
const WORDS: Readonly<Record<string, Part['state']>> = {
  pass: 'up',
  ok: 'up',
  up: 'up',
  warn: 'degraded',
  fail: 'down',
  error: 'down',
  down: 'down',
};
/** Words that no other dialect has. */
const OWN_WORDS: Readonly<Record<string, Part['state']>> = { pass: 'up', warn: 'degraded', fail: 'down' };
const TYPE = 'application/health+json';

/** Also what our own SDK answers, which adds `serviceId` and `releaseId`. */
export const healthJson: Dialect = {
  name: 'health-json',
  summary: 'application/health+json (draft-inadarei-api-health-check-06): pass, warn or fail, and a list of checks.',
  recognises: ({ type, json }) =>
    rootOf(json) !== undefined && (type === TYPE || stateOfWord(objectOf(json).get('status'), OWN_WORDS) !== undefined),
  read(answer) {
    const { json } = answer;
    const state = rootOf(json);
    if (state === undefined) return undefined;
    const list = createPartList(answer);
    for (const [name, checks] of objectOf(objectOf(json).get('checks'))) addChecks(list, name, checks);
    return { state, parts: list.parts() };
  },
};

function rootOf(json: unknown): Part['state'] | undefined {
  return stateOfWord(objectOf(json).get('status'), WORDS);
}

/** One measurement of one component has a list of values, one for each of its nodes. Some leave the list out. */
function addChecks(list: PartList, name: string, checks: unknown): void {
  const all = Array.isArray(checks) ? checks : [checks];
  for (const each of all) {
    const check = objectOf(each);
    const node = check.get('componentId');
    const isOneOfMany = all.length > 1 && typeof node === 'string';
    const state = stateOfWord(check.get('status'), WORDS) ?? 'unknown';
    list.add(isOneOfMany ? `${name} (${node})` : name, state, detailIn(check) ?? observedIn(check));
  }
}

function observedIn(check: ReadonlyMap<string, unknown>): string | undefined {
  const value = check.get('observedValue');
  const unit = check.get('observedUnit');
  if (typeof value !== 'number') return undefined;
  return typeof unit === 'string' ? `${value} ${unit}` : String(value);
}
