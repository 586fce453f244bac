import type { Command } from './command.ts';
import { type CommandCatalogue, createCatalogue } from './command-catalogue.ts';

/** What commands there are, before any of them is loaded. */
export interface CommandIndex {
  /** All of them: for the help, the completions and the reference. */
  load(): Promise<CommandCatalogue>;
  /** What it takes to understand this command line: the one command it begins with, else all of them. */
  loadFor(argv: readonly string[]): Promise<CommandCatalogue>;
}

export interface IndexedChapter {
  readonly title: string;
  /** By name, e.g. `monitor list`. */
  readonly commands: Readonly<Record<string, () => Promise<Command>>>;
}

/** `nouns` says what each noun is about, as in the catalogue. */
export function createCommandIndex(
  chapters: readonly IndexedChapter[],
  nouns: Readonly<Record<string, string>>,
): CommandIndex {
  const names = new Set(chapters.flatMap(({ commands }) => Object.keys(commands)));
  return {
    load: () => loadWhere(() => true),
    async loadFor([first = '', second = '']) {
      const named = [`${first} ${second}`, first].find((name) => names.has(name));
      return loadWhere((name) => named === undefined || name === named);
    },
  };

  async function loadWhere(isWanted: (name: string) => boolean): Promise<CommandCatalogue> {
    const loading = chapters.map(async ({ title, commands }) => {
      const wanted = Object.entries(commands).filter(([name]) => isWanted(name));
      return { title, commands: await Promise.all(wanted.map(loadCommand)) };
    });
    return createCatalogue(await Promise.all(loading), nouns);
  }
}

async function loadCommand([name, load]: [name: string, load: () => Promise<Command>]): Promise<Command> {
  const command = await load();
  if (command.name !== name) throw new Error(`The command "${command.name}" is listed as "${name}".`);
  return command;
}
