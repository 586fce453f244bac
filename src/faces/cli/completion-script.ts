import type { Command } from './command.ts';
import type { CommandCatalogue } from './command-catalogue.ts';
import { flagName } from './options.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** A static script: completing costs the shell nothing, and a running server is not asked. */
export function completionScript(shell: Shell, catalogue: CommandCatalogue): string {
  return SCRIPTS[shell](catalogue);
}

const SCRIPTS: Readonly<Record<Shell, (catalogue: CommandCatalogue) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** zsh runs scripts made for bash once its compatibility layer is loaded. */
function zshScript(catalogue: CommandCatalogue): string {
  return `#compdef evenkeel ek\nautoload -U +X bashcompinit && bashcompinit\n${bashScript(catalogue)}`;
}

function bashScript(catalogue: CommandCatalogue): string {
  const cases = catalogue.all.map((command) => `    '${command.name}'*) words='${flagsOf(command).join(' ')}' ;;`);
  const nouns = [...catalogue.groups].map(([noun, { commands }]) => `    '${noun} '*) words='${verbsOf(commands)}' ;;`);
  return `_evenkeel() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words=''
  local typed="\${COMP_WORDS[*]:1:COMP_CWORD-1} "
  case "$typed" in
    ' ') words='${firstWords(catalogue).join(' ')}' ;;
${[...catalogue.all.flatMap(choiceCases), ...cases, ...nouns].join('\n')}
  esac
  COMPREPLY=( $(compgen -W "$words" -- "$current") )
}
complete -o default -F _evenkeel evenkeel ek`;
}

/** After `--state` only states make sense. These cases stand first, because the first that fits wins. */
function choiceCases({ name, options }: Command): readonly string[] {
  return Object.entries(options).flatMap(([key, { choices }]) =>
    choices === undefined ? [] : [`    '${name} '*'${flagName(key)} ') words='${choices.join(' ')}' ;;`],
  );
}

function fishScript(catalogue: CommandCatalogue): string {
  const lines = ['complete -c ek -w evenkeel', 'complete -c evenkeel -f'];
  for (const { name, summary } of catalogue.single) lines.push(suggest('__fish_use_subcommand', name, summary));
  for (const [noun, { summary, commands }] of catalogue.groups) {
    lines.push(suggest('__fish_use_subcommand', noun, summary));
    const verbs = verbsOf(commands);
    for (const command of commands) {
      const isOpen = `__fish_seen_subcommand_from ${noun}; and not __fish_seen_subcommand_from ${verbs}`;
      lines.push(suggest(isOpen, verbOf(command), command.summary));
    }
  }
  for (const command of catalogue.all) {
    const seen = command.name.split(' ').map((word) => `__fish_seen_subcommand_from ${word}`);
    for (const [key, { summary, choices, placeholder }] of Object.entries(command.options)) {
      const takes = placeholder === null ? '' : choices === undefined ? ' -r' : ` -xa ${quote(choices.join(' '))}`;
      const option = `-l ${flagName(key).slice(2)}${takes} -d ${quote(summary)}`;
      lines.push(`complete -c evenkeel -n ${quote(seen.join('; and '))} ${option}`);
    }
  }
  return lines.join('\n');
}

function suggest(condition: string, word: string, summary: string): string {
  return `complete -c evenkeel -n ${quote(condition)} -a ${word} -d ${quote(summary)}`;
}

/** Options, and the words an argument may be. */
function flagsOf(command: Command): readonly string[] {
  const words = Object.values(command.arguments).flatMap(({ choices }) => choices ?? []);
  return [...words, ...Object.keys(command.options).map(flagName), '--help'];
}

function firstWords({ single, groups }: CommandCatalogue): readonly string[] {
  return [...single.map(({ name }) => name), ...groups.keys(), '--help', '--version'];
}

function verbsOf(commands: readonly Command[]): string {
  return commands.map(verbOf).join(' ');
}

function verbOf({ name }: Command): string {
  return name.split(' ').at(-1) ?? name;
}

/** In fish, as in bash, nothing is special between single quotes but the quote itself (and in fish the backslash). */
function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
