import { EvenkeelError } from '../../kernel/errors.ts';
import type { StatusView } from '../http/contract.ts';
import type { CliContext } from './context.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { countWords } from './monitor-table.ts';
import { bold, dim, line, stateWord } from './styled.ts';

/** `evenkeel` alone: where things stand, or how to begin. */
export async function overview({ api, out, version }: CliContext): Promise<ExitCode> {
  const status = await api.call('GET /api/v1/status').catch(nothingToTell);
  out(line`${bold('Evenkeel')} ${version.version}`);
  out('');
  if (status === undefined) {
    out('No server is running here. To begin:');
    out(line`  evenkeel demo    ${dim('See it work on an example application.')}`);
    out(line`  evenkeel init    ${dim('Write an evenkeel.yaml for the project in this folder.')}`);
    out(line`  evenkeel serve   ${dim('Watch what evenkeel.yaml describes, and show its state.')}`);
  } else {
    tell(status, out);
  }
  out('');
  out(dim('`evenkeel --help` lists every command.'));
  return EXIT.ok;
}

function tell(status: StatusView, out: CliContext['out']): void {
  const troubled = status.monitors.filter(({ state }) => state !== 'up');
  out(
    line`${bold(status.app ?? 'Nothing yet')} in ${status.environment}: ${stateWord(status.state)} (${countWords(status)})`,
  );
  for (const { name, state, reason } of troubled.slice(0, 5)) {
    out(line`  ${stateWord(state)}  ${name}${reason === null ? '' : `: ${reason}`}`);
  }
  out('');
  out(line`  evenkeel status                ${dim('The whole application on one screen.')}`);
  out(line`  evenkeel monitor show <name>   ${dim('One monitor, with its history.')}`);
}

/** Without a server, or without the right to ask it, there is still something to say. */
function nothingToTell(thrown: unknown): undefined {
  if (!(thrown instanceof EvenkeelError)) throw thrown;
  return undefined;
}
