import type { Clock } from '../../kernel/clock.ts';
import { codeOf, EvenkeelError, REPORTED_AS } from '../../kernel/errors.ts';
import type { Files } from '../../kernel/files.ts';
import type { ApiClient } from './api-client.ts';
import { commands } from './commands/index.ts';
import type { CliContext, Offline, VersionFacts } from './context.ts';
import { EXIT } from './exit-codes.ts';
import { type CommandLine, parseCommandLine } from './parse.ts';
import { bad, bold, line } from './styled.ts';
import { createTerminal, type Terminal, type TerminalFacts } from './terminal.ts';

/** What `app/` hands in: the command line reads neither the environment nor the clock by itself. */
export interface CliDeps {
  readonly terminal: TerminalFacts;
  readonly clock: Clock;
  readonly files: Files;
  readonly folder: string;
  readonly version: VersionFacts;
  readonly offline: Offline;
  /** Makes the client; nothing is sent before a command asks for something. */
  readonly connect: (wishes: { readonly isInsecureAllowed: boolean }) => ApiClient;
  /** True at EVENKEEL_LOG_LEVEL=debug: a defect then shows where it happened. */
  readonly showsStacks: boolean;
}

/** Runs one command line and fulfils with the exit code; it never rejects. */
export async function runCli(argv: readonly string[], deps: CliDeps): Promise<number> {
  try {
    return await perform(parseCommandLine(argv, await commands.loadFor(argv), deps.version.version), deps);
  } catch (thrown) {
    return report(thrown, createTerminal(deps.terminal), deps.showsStacks);
  }
}

async function perform({ wish, globals }: CommandLine, deps: CliDeps): Promise<number> {
  const { isInsecureAllowed, isColourWanted } = globals;
  const terminal = createTerminal(isColourWanted ? deps.terminal : { ...deps.terminal, noColour: '--no-color' });
  if (wish.ask === 'text') {
    const say = wish.isMistake ? terminal.note : terminal.out;
    say(wish.text);
    return wish.isMistake ? EXIT.invalid : EXIT.ok;
  }
  const { clock, files, folder, version, offline } = deps;
  const api = deps.connect({ isInsecureAllowed });
  const context: CliContext = { ...terminal, api, clock, files, folder, version, offline, commands };
  if (wish.ask === 'run') return wish.command.run(wish.values, context);
  return (await import('./overview.ts')).overview(context);
}

function report(thrown: unknown, { note }: Terminal, showsStack: boolean): number {
  if (thrown instanceof EvenkeelError) {
    note(line`${bad(bold('Error:'))} ${thrown.message} (${thrown.code})`);
    note(line`${bold('Next:')}  ${thrown.hint}`);
    if (showsStack && thrown.cause !== undefined) note(stackOf(thrown.cause));
    return REPORTED_AS[thrown.kind].exitCode;
  }
  note(line`${bad(bold('Error:'))} Evenkeel made a mistake (${codeOf(thrown)}).`);
  note(
    showsStack
      ? stackOf(thrown)
      : line`${bold('Next:')}  Run it again with EVENKEEL_LOG_LEVEL=debug and report what it prints.`,
  );
  return REPORTED_AS.defect.exitCode;
}

function stackOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}
