import { MINUTE_MS } from '../../../kernel/clock.ts';
import { durationIn, type Fields, fieldsIn, flagIn, listIn, textIn } from '../../fields.ts';
import { type NameFor, slugOf } from '../../names.ts';
import { cannot, carried, type ImportItem, leftOut } from '../../plan.ts';
import { goReferences, withReferences } from '../../reference-text.ts';
import { attempt, Unlike } from '../../unlike.ts';
import type { Written } from '../../written.ts';
import { conditionOf } from './conditions.ts';
import type { Placed } from './read.ts';
import { type Aim, aimOf } from './target.ts';
import { alertsOf, timingOf } from './timing.ts';

const DESCRIPTION_CHARS_MAX = 200;

export interface Context {
  readonly alerting: Fields;
  readonly nameFor: NameFor;
}

/** One thing that is watched, whatever its kind. */
export interface Watched {
  readonly item: ImportItem;
  readonly placed: Placed;
  /** Its heading on the page; null without one. */
  readonly group: string | null;
  readonly alerts: number;
}

type Built = { readonly entry: { readonly [key: string]: Written | undefined }; readonly notes: readonly string[] };

/** The item of one entry of a list; `build` throws `Unlike`. */
export function watchedAs(
  what: string,
  placed: Placed,
  { alerting, nameFor }: Context,
  build: (fields: Fields) => Built,
): Watched {
  const { fields, from } = placed;
  const [name = what, group = null] = [textIn(fields, 'name'), textIn(fields, 'group')];
  // `a b` in the group `c` is another one than `b` in the group `c a`.
  const own = [group, name].flatMap((each) => (each === null ? [] : encodeURIComponent(each.toWellFormed())));
  const key = `${what.replaceAll(' ', '-')} ${own.join('/')}`;
  const found = { key, what, title: name, from };
  const alerts = attempt(() => alertsOf(fields, alerting));
  const watched = (item: ImportItem) => ({ item, placed, group, alerts: alerts instanceof Unlike ? 0 : alerts.length });
  const isOn = attempt(() => flagIn(fields, 'enabled') !== false);
  if (isOn instanceof Unlike) return watched(cannot(found, isOn.message));
  if (!isOn) return watched(leftOut(found, 'It is switched off in Gatus (`enabled: false`).'));
  const built = attempt(() => build(fields));
  if (built instanceof Unlike) return watched(cannot(found, built.message));
  const target = { section: 'monitors', name: nameFor('watched', key, name) } as const;
  const description = slugOf(name) === name && name === target.name ? undefined : descriptionOf(name);
  const entry = { ...built.entry, description };
  return watched(carried(found, { ...target, entry }, [...built.notes, ...notesOn(fields)]));
}

function descriptionOf(name: string): string | undefined {
  const text = name.replaceAll(/\s+/g, ' ').trim().slice(0, DESCRIPTION_CHARS_MAX);
  return text === '' ? undefined : text;
}

export function endpointOf(placed: Placed, context: Context): Watched {
  return watchedAs('endpoint', placed, context, (fields) => {
    const aim = aimOf(fields);
    const alerts = alertsOf(fields, context.alerting);
    const timeoutMs = durationIn(fieldsIn(fields, 'client') ?? {}, 'timeout');
    const { keys, notes } = timingOf(fields, alerts, { usualMs: MINUTE_MS, timeoutMs });
    return { entry: { ...aim.keys, expect: expectOf(fields, aim), ...keys }, notes: [...(aim.notes ?? []), ...notes] };
  });
}

/** Gatus wants one condition at least. */
function expectOf(endpoint: Fields, { implied = [] }: Aim): Written | undefined {
  const written = listIn(endpoint, 'conditions').map(String);
  if (written.length === 0) throw new Unlike('It has no conditions.');
  const conditions = written
    .map((condition) => conditionOf(condition))
    .filter((condition) => !implied.includes(condition))
    .map((condition) => withReferences(condition, goReferences));
  return conditions.length === 0 ? undefined : conditions;
}

function notesOn(fields: Fields): readonly string[] {
  const labels = Object.keys(fieldsIn(fields, 'extra-labels') ?? {});
  return [
    ...(labels.length > 0 ? [`Its labels for metrics are not carried over: ${labels.join(', ')}.`] : []),
    ...(fieldsIn(fields, 'ui') === undefined
      ? []
      : ['What its `ui` hides is not carried over: pages show no addresses here anyway.']),
  ];
}
