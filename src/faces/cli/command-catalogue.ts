import type { Command } from './command.ts';

/** All commands, in the order the help tells them. */
export interface CommandCatalogue {
  readonly chapters: readonly Chapter[];
  readonly all: readonly Command[];
  /** Commands of one word. */
  readonly single: readonly Command[];
  /** Nouns with their verbs. */
  readonly groups: ReadonlyMap<string, CommandGroup>;
  find(name: string): Command | undefined;
}

export interface Chapter {
  readonly title: string;
  readonly commands: readonly Command[];
}

export interface CommandGroup {
  readonly summary: string;
  readonly commands: readonly Command[];
}

/** `nouns` says what each noun is about; a noun without a sentence is a mistake of ours. */
export function createCatalogue(
  chapters: readonly Chapter[],
  nouns: Readonly<Record<string, string>>,
): CommandCatalogue {
  const all = chapters.flatMap(({ commands }) => commands);
  const byName = new Map(all.map((command) => [command.name, command]));
  if (byName.size !== all.length) throw new Error('Two commands share one name.');
  const groups = new Map<string, CommandGroup>();
  for (const command of all.filter(({ name }) => name.includes(' '))) {
    const [noun = ''] = command.name.split(' ');
    const summary = nouns[noun];
    if (summary === undefined) throw new Error(`The noun "${noun}" has no summary.`);
    groups.set(noun, { summary, commands: [...(groups.get(noun)?.commands ?? []), command] });
  }
  const single = all.filter(({ name }) => !name.includes(' '));
  return { chapters, all, single, groups, find: (name) => byName.get(name) };
}
