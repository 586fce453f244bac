import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../../kernel/clock.ts';
import { formatDuration } from '../../../kernel/duration.ts';
import type { Row } from '../../import-source.ts';
import { type NameFor, slugOf } from '../../names.ts';
import { ownEntry } from '../../own-entry.ts';
import { cannot, carried, type ImportItem, leftOut } from '../../plan.ts';
import { demand, Unlike } from '../../unlike.ts';
import type { KumaData } from './data.ts';
import type { Kind, KindContext, Mapped } from './kind.ts';
import { kinds, UNLIKE } from './kinds.ts';
import { flagIn, numberIn, textIn } from './row.ts';

const CONFIRM_MAX = 20;
/** Groups in groups; deeper they are a circle. */
const DEPTH_MAX = 20;
const DESCRIPTION_CHARS_MAX = 200;
const TIMEOUT_MS_MAX = 5 * MINUTE_MS;
/** Of the time between two checks, where Kuma was told nothing else. */
const TIMEOUT_SHARE = 0.8;

export interface MappedMonitors {
  /** In the order of Kuma. */
  readonly items: readonly ImportItem[];
  /** The name of one that is carried over, by its id. */
  readonly nameOf: (id: unknown) => string | undefined;
  /** Itself and, of a group, all that is in it, by id; those that are carried over. */
  readonly membersOf: (id: unknown) => readonly string[];
}

export function mapMonitors(data: KumaData, nameFor: NameFor): MappedMonitors {
  const known = new Map(data.monitors.map((row) => [numberIn(row, 'id'), row] as const));
  const nameOfRow = (row: Row) => nameFor('watched', keyOf(row), titleOf(row));
  const childrenOf = (parent: Row) => data.monitors.filter((row) => row['parent'] === parent['id']);
  const mapped = new Map<Row, Mapped | Unlike>();
  const context: KindContext = {
    data,
    childrenOf: (group) =>
      childrenOf(group)
        .filter((row) => isCarried(row))
        .map((row) => nameOfRow(row)),
  };
  return { items: data.monitors.map((row) => itemOf(row)), nameOf, membersOf: (id) => membersOf(id) };

  function nameOf(id: unknown): string | undefined {
    const row = known.get(Number(id));
    return row === undefined || !isCarried(row) ? undefined : nameOfRow(row);
  }

  function membersOf(id: unknown, depth = 0): readonly string[] {
    const row = known.get(Number(id));
    if (row === undefined || depth > DEPTH_MAX) return [];
    const own = isCarried(row) ? [nameOfRow(row)] : [];
    return [...own, ...childrenOf(row).flatMap((child) => membersOf(child['id'], depth + 1))];
  }

  function itemOf(row: Row): ImportItem {
    const found = { key: keyOf(row), what: 'monitor', title: titleOf(row), from: data.place('monitor', row) };
    if (!isOn(row)) return leftOut(found, 'It is paused in Kuma. Resume it there and import again.');
    const answer = mappedOnce(row);
    if (answer instanceof Unlike) return cannot(found, answer.message);
    const name = nameOfRow(row);
    const entry = { ...descriptionOf(row, name), ...expectUpsideDown(row, answer), ...timingOf(row, answer) };
    return carried(found, { section: 'monitors', name, entry }, [...(answer.notes ?? []), ...notesOn(row, data)]);
  }

  function mappedOnce(row: Row): Mapped | Unlike {
    const before = mapped.get(row);
    if (before !== undefined) return before;
    // A group in a group in itself would never end; Kuma does not let one in, but a file may be written by anybody.
    mapped.set(row, new Unlike('It is a group within itself.'));
    const answer = mapOne(row, context);
    mapped.set(row, answer);
    return answer;
  }

  function isCarried(row: Row): boolean {
    return isOn(row) && !(mappedOnce(row) instanceof Unlike);
  }

  /** Whoever pauses a group pauses what is in it. */
  function isOn(row: Row, depth = 0): boolean {
    const isActive = row['active'] === undefined || flagIn(row, 'active');
    const parent = known.get(numberIn(row, 'parent'));
    return isActive && (parent === undefined || depth > DEPTH_MAX || isOn(parent, depth + 1));
  }
}

export function keyOf(row: Row): string {
  return `monitor ${String(row['id'])}`;
}

function titleOf(row: Row): string {
  return textIn(row, 'name') ?? `monitor ${String(row['id'])}`;
}

function mapOne(row: Row, context: KindContext): Mapped | Unlike {
  try {
    const answer = demandKind(textIn(row, 'type') ?? '')(row, context);
    if (!flagIn(row, 'upside_down') || answer.upsideDown !== undefined) return answer;
    return new Unlike('It is upside down: up when the check fails. That cannot be said of a check of this kind.');
  } catch (error) {
    if (error instanceof Unlike) return error;
    throw error;
  }
}

function demandKind(type: string): Kind {
  return demand(
    ownEntry(kinds, type),
    ownEntry(UNLIKE, type) ?? `Evenkeel has no check of the kind ${JSON.stringify(type)}.`,
  );
}

function expectUpsideDown(row: Row, answer: Mapped) {
  return flagIn(row, 'upside_down') ? { ...answer.entry, expect: answer.upsideDown } : answer.entry;
}

function descriptionOf(row: Row, name: string) {
  const own = textIn(row, 'description');
  const title = titleOf(row);
  const text = own ?? (slugOf(title) === title && title === name ? undefined : title);
  return text === undefined ? {} : { description: text.replaceAll(/\s+/g, ' ').slice(0, DESCRIPTION_CHARS_MAX) };
}

function timingOf(row: Row, { isPush = false, entry }: Mapped) {
  if (isPush) return {};
  const intervalMs = Math.min(Math.max((numberIn(row, 'interval') ?? 60) * SECOND_MS, SECOND_MS), DAY_MS);
  const told = (numberIn(row, 'timeout') ?? 0) * SECOND_MS;
  const timeoutMs = Math.min(told > 0 ? told : intervalMs * TIMEOUT_SHARE, intervalMs, TIMEOUT_MS_MAX);
  const asks = !('group' in entry) && !('manual' in entry);
  return {
    every: formatDuration(intervalMs),
    ...(asks && {
      timeout: formatDuration(Math.max(timeoutMs, 100)),
      confirm: Math.min((numberIn(row, 'maxretries') ?? 0) + 1, CONFIRM_MAX),
    }),
  };
}

function notesOn(row: Row, data: KumaData): readonly string[] {
  const retries = numberIn(row, 'maxretries') ?? 0;
  const retrySeconds = numberIn(row, 'retry_interval') ?? 0;
  const tags = data.monitorTags.filter((tag) => tag['monitor_id'] === row['id']).map((tag) => tagText(tag, data));
  const isSlow = (numberIn(row, 'interval') ?? 0) * SECOND_MS > DAY_MS;
  return [
    ...(isSlow ? ['Kuma checked it less than once a day; here it is once a day at least.'] : []),
    ...(retries > 0 && retrySeconds > 0 && retrySeconds !== numberIn(row, 'interval')
      ? [`Kuma asked again after ${retrySeconds}s once a check had failed; here every check comes after \`every\`.`]
      : []),
    ...(retries >= CONFIRM_MAX ? [`Kuma waited for ${retries + 1} failures; here it is ${CONFIRM_MAX} at most.`] : []),
    ...(tags.length > 0 ? [`Tags are not carried over: ${tags.join(', ')}.`] : []),
  ];
}

function tagText(assigned: Row, { tags }: KumaData): string {
  const name =
    textIn(tags.find(({ id }) => id === assigned['tag_id']) ?? {}, 'name') ?? textIn(assigned, 'name') ?? 'tag';
  const value = textIn(assigned, 'value');
  return value === undefined ? name : `${name}: ${value}`;
}
