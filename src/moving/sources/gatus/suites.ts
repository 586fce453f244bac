import { MINUTE_MS } from '../../../kernel/clock.ts';
import { asText, durationIn, type Fields, fieldsIn, flagIn, isFields, listIn, textIn } from '../../fields.ts';
import { goReferences, withReferences } from '../../reference-text.ts';
import { demand, Unlike } from '../../unlike.ts';
import type { Written } from '../../written.ts';
import { askedIn, conditionOf, type Known } from './conditions.ts';
import { type Context, type Watched, watchedAs } from './endpoints.ts';
import type { Placed } from './read.ts';
import { aimOf } from './target.ts';
import { alertsOf, timingOf } from './timing.ts';

const NAME_CHARS_MAX = 40;
const USUAL_MS = 10 * MINUTE_MS;
const TIMEOUT_MS = 5 * MINUTE_MS;

/** Several requests in order, which here are the steps of one monitor. */
export function suiteOf(placed: Placed, context: Context): Watched {
  return watchedAs('suite', placed, context, (suite) => {
    const known = knownIn(suite);
    const all = listIn(suite, 'endpoints').filter(isFields);
    const on = all.filter((endpoint) => flagIn(endpoint, 'enabled') !== false);
    const steps = on.map((endpoint, index) => stepOf(endpoint, index, known));
    if (steps.length === 0) throw new Unlike('It has no endpoints.');
    const alerts = on.flatMap((endpoint) => alertsOf(endpoint, context.alerting));
    const timeoutMs = durationIn(suite, 'timeout') ?? TIMEOUT_MS;
    const { keys, notes } = timingOf(suite, alerts, { usualMs: USUAL_MS, timeoutMs });
    return { entry: { steps, ...keys }, notes: [...notes, ...notesOn(all, on)] };
  });
}

/** Values that are there from the start: they never change, so they are written where they are used. */
function knownIn(suite: Fields): Known {
  const values = Object.entries(fieldsIn(suite, 'context') ?? {});
  return new Map(
    values.map(([name, value]) => {
      return [name, demand(asText(value), `Its context has something else than a text at \`${name}\`.`)] as const;
    }),
  );
}

function stepOf(endpoint: Fields, index: number, known: Known): Written {
  const name = (textIn(endpoint, 'name') ?? `step ${index + 1}`).slice(0, NAME_CHARS_MAX);
  const aim = aimOf(filled(endpoint, known));
  if (!('http' in aim.keys))
    throw new Unlike(`Its step ${JSON.stringify(name)} is no web request, which all steps here are.`);
  const conditions = listIn(endpoint, 'conditions').map(String);
  return {
    name,
    ...aim.keys,
    expect:
      conditions.length === 0
        ? undefined
        : conditions.map((condition) => withReferences(conditionOf(condition, known), goReferences)),
    keep: keepOf(endpoint),
    always: flagIn(endpoint, 'always-run') === true ? true : undefined,
  };
}

function filled(endpoint: Fields, known: Known): Fields {
  const fill = (text: string) =>
    text.replaceAll(/\[CONTEXT\]\.([\w-]+)/g, (whole, name: string) => known.get(name) ?? whole);
  const headers = Object.entries(fieldsIn(endpoint, 'headers') ?? {}).map(
    ([name, value]) => [name, fill(String(value))] as const,
  );
  return {
    ...endpoint,
    url: fill(textIn(endpoint, 'url') ?? ''),
    body: fill(textIn(endpoint, 'body') ?? ''),
    headers: Object.fromEntries(headers),
  };
}

function keepOf(endpoint: Fields): Written | undefined {
  const store = Object.entries(fieldsIn(endpoint, 'store') ?? {});
  if (store.length === 0) return undefined;
  return Object.fromEntries(
    store.map(([name, value]) => {
      const written = String(value);
      return [
        name,
        demand(
          askedIn(written.trim(), written),
          `It stores ${JSON.stringify(written.slice(0, 60))}, which is no part of an answer.`,
        ),
      ];
    }),
  );
}

function notesOn(all: readonly Fields[], on: readonly Fields[]): readonly string[] {
  const off = all
    .filter((endpoint) => !on.includes(endpoint))
    .map((endpoint) => textIn(endpoint, 'name') ?? 'one without a name');
  const timed = on.filter((endpoint) => fieldsIn(endpoint, 'client')?.['timeout'] !== undefined);
  return [
    ...(off.length > 0 ? [`Switched off in Gatus, and left out: ${off.join(', ')}.`] : []),
    ...(timed.length > 0 ? ['Its steps have one `timeout` together.'] : []),
  ];
}
