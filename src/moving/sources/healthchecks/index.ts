import { DAY_MS, SECOND_MS } from '../../../kernel/clock.ts';
import { formatDuration } from '../../../kernel/duration.ts';
import { Secret } from '../../../kernel/secret.ts';
import { countIn, type Fields, flagIn, textIn } from '../../fields.ts';
import type { ImportSource } from '../../import-source.ts';
import type { NameFor } from '../../names.ts';
import { cannot, carried, type ImportItem, leftOut } from '../../plan.ts';
import { attempt, demand, Unlike } from '../../unlike.ts';
import type { Written } from '../../written.ts';
import { readHealthchecks } from './read.ts';

const DESCRIPTION_CHARS_MAX = 200;
const GRACE_MS_MAX = 7 * DAY_MS;

export const healthchecks: ImportSource = {
  type: 'healthchecks',
  title: 'Healthchecks',
  summary:
    'Asks healthchecks.io, or a Healthchecks of your own, for its checks: each becomes a heartbeat with the same key.',
  example: 'https://healthchecks.io',
  testedAgainst: 'answers as version 3 of the Management API documents them, not a running one',
  async plan({ where, io, nameFor }) {
    const { checks, channels } = await readHealthchecks(where, io);
    const keys = distinct(checks.map((check) => textIn(check, 'slug') ?? titleOf(check)));
    const items = checks.map((check, index) =>
      checkItem(check, `check ${keys[index] ?? index}`, `${where}, check ${index + 1}`, nameFor),
    );
    const told = channels.map((channel, index) => channelItem(channel, `${where}, integration ${index + 1}`));
    return { items: [...items, ...told], notes: items.some(({ target }) => target !== undefined) ? [CALLS] : [] };
  },
};

const CALLS =
  'Jobs go on calling as before, at this server: https://hc-ping.com/<uuid> becomes https://<your address>/ping/<uuid>. One that calls by the ping key and a name needs that as its `key`.';

/** The key of an item is kept in a file, and the uuid is what lets a job in. */
function distinct(keys: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return keys.map((key) => {
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return count === 1 ? key : `${key} ${count}`;
  });
}

function titleOf(check: Fields): string {
  return textIn(check, 'name')?.trim() ?? textIn(check, 'slug') ?? 'a check without a name';
}

function checkItem(check: Fields, key: string, from: string, nameFor: NameFor): ImportItem {
  const title = titleOf(check);
  const found = { key, what: 'check', title, from };
  if (textIn(check, 'status') === 'paused') return leftOut(found, 'It is paused there. Resume it and import again.');
  const entry = attempt(() => entryOf(check));
  if (entry instanceof Unlike) return cannot(found, entry.message);
  const name = nameFor('watched', key, title);
  return carried(
    found,
    { section: 'monitors', name, entry: { ...entry, description: descriptionOf(check, name) } },
    notesOn(check),
  );
}

function entryOf(check: Fields): { readonly [key: string]: Written | undefined } {
  refuseFilters(check);
  const id = demand(
    textIn(check, 'uuid') ?? textIn(check, 'ping_url')?.split('/').at(-1),
    'The key of the API may only read, and such a key is not shown what the job calls; use one with full access.',
  );
  const schedule = textIn(check, 'schedule');
  const zone = textIn(check, 'tz');
  const seconds = schedule === undefined ? countIn(check, 'timeout') : undefined;
  const due = schedule ?? (seconds === undefined ? undefined : formatDuration(seconds * SECOND_MS));
  const graceMs = (countIn(check, 'grace') ?? 0) * SECOND_MS;
  return {
    heartbeat: demand(due, 'It does not say when it is due.'),
    grace: graceMs === 0 ? undefined : formatDuration(Math.min(graceMs, GRACE_MS_MAX)),
    zone: schedule === undefined || zone === 'UTC' ? undefined : zone,
    key: new Secret(id, 'key'),
  };
}

/** What makes a call a failure there and would be a success here. */
function refuseFilters(check: Fields): void {
  const isFiltered = ['filter_subject', 'filter_body', 'filter_http_body'].some((key) => flagIn(check, key) === true);
  if (isFiltered)
    throw new Unlike(
      'It looks for words in what the job sends to tell good from bad, which a heartbeat here does not.',
    );
}

function descriptionOf(check: Fields, name: string): string | undefined {
  const text = (textIn(check, 'desc') ?? titleOf(check)).replaceAll(/\s+/g, ' ').trim().slice(0, DESCRIPTION_CHARS_MAX);
  return text === name ? undefined : text;
}

function notesOn(check: Fields): readonly string[] {
  const tags = textIn(check, 'tags');
  const graceMs = (countIn(check, 'grace') ?? 0) * SECOND_MS;
  return [
    ...(tags === undefined ? [] : [`Its tags are not carried over: ${tags.trim()}.`]),
    ...(graceMs > GRACE_MS_MAX
      ? [`It had a grace of ${formatDuration(graceMs)}; here it is ${formatDuration(GRACE_MS_MAX)} at most.`]
      : []),
    ...(textIn(check, 'methods') === 'POST' ? ['There only POST counted as a call; here GET does as well.'] : []),
  ];
}

function channelItem(channel: Fields, from: string): ImportItem {
  const kind = textIn(channel, 'kind') ?? 'integration';
  const title = textIn(channel, 'name') ?? kind;
  const found = { key: `integration ${textIn(channel, 'id') ?? title}`, what: 'integration', title, from };
  return cannot(
    found,
    `The API does not show where it sends (${JSON.stringify(kind.slice(0, 40))}); write it under \`channels\` by hand.`,
  );
}
