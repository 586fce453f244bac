import type { State } from '../contracts/state.ts';
import type { Overall } from './overall.ts';
import type { PastEvent } from './past-events.ts';
import type { Voice } from './voice.ts';
import type { Wording } from './wording.ts';

/** More names than this become a number: a heading is not a list. */
const NAMES_MAX = 3;

type StateKey = `now.${Exclude<State, 'up'>}` | `past.${PastEvent['state']}`;

export function overallWording({ text, formats }: Voice): Pick<Wording, 'now' | 'past'> {
  return {
    now: (overall) => ({ sentence: sentenceOf(overall), details: detailsOf(overall) }),
    past: ({ state, names }) => about(`past.${state}`, names),
  };

  function sentenceOf(overall: Overall): string {
    const { level, names } = overall;
    if (level === 'empty' || level === 'starting' || level === 'working') return text(`now.${level}`);
    if (level === 'down' && isEverything(overall)) return text('now.allDown');
    if (level === 'unknown' && isEverything(overall)) return text('now.allUnknown');
    return about(level === 'partial' ? 'now.down' : `now.${level}`, names);
  }

  function detailsOf({ level, names, others, causes, isRestWorking }: Overall): readonly string[] {
    if (level === 'empty') return [text('now.empty.detail')];
    if (level === 'starting') return [text('now.starting.detail', { names: formats.list(names) })];
    const visible = causes.flatMap((cause) => (cause.kind === 'component' ? [cause.name] : []));
    return [
      level === 'degraded' && text('now.degraded.detail'),
      visible.length > 0 && text('now.cause', { names: formats.list(visible) }),
      causes.some(({ kind }) => kind === 'internal') && text('now.cause.internal'),
      ...others.map((other) => `${about(`now.${other.state}`, other.names)}.`),
      isRestWorking && text('now.rest'),
    ].filter((detail) => detail !== false);
  }

  function about(key: StateKey, names: readonly string[]): string {
    const count = names.length;
    return count > NAMES_MAX ? text(`${key}.many`, { count }) : text(key, { count, names: formats.list(names) });
  }
}

function isEverything({ names, others, isRestWorking }: Overall): boolean {
  return names.length > 1 && others.length === 0 && !isRestWorking;
}
