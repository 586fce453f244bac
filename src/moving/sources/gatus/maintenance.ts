import { formatDuration } from '../../../kernel/duration.ts';
import { durationIn, type Fields, flagIn, isFields, listIn, textIn } from '../../fields.ts';
import type { NameFor } from '../../names.ts';
import { cannot, carried, type ImportItem, leftOut } from '../../plan.ts';
import { attempt, demand, Unlike } from '../../unlike.ts';
import type { Written } from '../../written.ts';
import type { Watched } from './endpoints.ts';
import type { GatusConfig } from './read.ts';

/** Windows of everything, and those of single endpoints. */
export function maintenanceItems(
  config: GatusConfig,
  watched: readonly Watched[],
  nameFor: NameFor,
): readonly ImportItem[] {
  const all = config
    .sections('maintenance')
    .filter(({ fields }) => Object.keys(fields).length > 0)
    .map(({ fields, from }, index) => {
      const key = index === 0 ? 'maintenance all' : `maintenance all ${index + 1}`;
      return windowItem({ key, what: 'maintenance', title: 'everything', from }, fields, nameFor);
    });
  return [...all, ...watched.flatMap((each) => windowsOf(each, nameFor))];
}

function windowsOf({ item, placed }: Watched, nameFor: NameFor): readonly ImportItem[] {
  return listIn(placed.fields, 'maintenance-windows')
    .filter(isFields)
    .map((window, index) => {
      const { title, key } = item;
      const found = { key: `maintenance ${key} ${index + 1}`, what: 'maintenance', title, from: placed.from };
      if (item.target === undefined) return leftOut(found, 'What it is about is not carried over.');
      return windowItem(found, window, nameFor, [item.target.name]);
    });
}

type Found = Parameters<typeof cannot>[0];

function windowItem(found: Found, window: Fields, nameFor: NameFor, monitors?: readonly string[]): ImportItem {
  const entry = attempt(() => (flagIn(window, 'enabled') === false ? null : timesOf(window)));
  if (entry === null) return leftOut(found, 'It is switched off in Gatus (`enabled: false`).');
  if (entry instanceof Unlike) return cannot(found, entry.message);
  const name = nameFor('windows', found.key, found.title);
  return carried(found, { section: 'maintenance', name, entry: { monitors, ...entry } });
}

function timesOf(window: Fields): Readonly<Record<string, Written | undefined>> {
  const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(textIn(window, 'start')?.trim() ?? '') ?? [];
  const lasts = demand(durationIn(window, 'duration'), 'It does not say how long it lasts.');
  const at = demand(minute, 'It does not say when it begins (`start`).');
  const zone = textIn(window, 'timezone');
  return {
    cron: `${Number(at)} ${Number(hour)} * * ${daysOf(window)}`,
    for: formatDuration(lasts),
    zone: zone === undefined || zone === 'UTC' ? undefined : zone,
  };
}

const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

function daysOf(window: Fields): string {
  const written = listIn(window, 'every').map((day) => String(day).slice(0, 3).toUpperCase());
  const unknown = written.find((day) => !DAYS.includes(day));
  if (unknown !== undefined) throw new Unlike(`It is every ${JSON.stringify(unknown)}, which is no day.`);
  return written.length === 0 ? '*' : written.join(',');
}
