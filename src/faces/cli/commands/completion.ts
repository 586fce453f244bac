import { defineCommand } from '../command.ts';
import { completionScript, SHELLS } from '../completion-script.ts';
import { EXIT } from '../exit-codes.ts';
import { choiceArgument } from '../options.ts';

export const completion = defineCommand({
  name: 'completion',
  kind: 'run',
  summary: 'A script that lets the shell complete commands and options.',
  description:
    'Print it into the place where your shell looks for completions; it needs no server and no start of Evenkeel.',
  arguments: { shell: choiceArgument(SHELLS, 'The shell it is for.') },
  options: {},
  exitStatus: {},
  examples: [
    'evenkeel completion bash > ~/.local/share/bash-completion/completions/evenkeel',
    'evenkeel completion zsh > ~/.zfunc/_evenkeel',
    'evenkeel completion fish > ~/.config/fish/completions/evenkeel.fish',
  ],

  async run({ shell }, { out, commands }) {
    out(completionScript(shell, await commands.load()));
    return EXIT.ok;
  },
});
