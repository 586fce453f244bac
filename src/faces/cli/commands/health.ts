import { EvenkeelError } from '../../../kernel/errors.ts';
import type { HealthAnswer } from '../api-client.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { fields } from '../fields.ts';
import { healthWord } from '../health-word.ts';
import { JSON_FLAG } from '../options.ts';
import { bold, line, type Piece } from '../styled.ts';

export const health = defineCommand({
  name: 'health',
  kind: 'read',
  summary: 'Whether the running Evenkeel itself is healthy.',
  description:
    'Made for health checks of containers and process managers: 0 is healthy, 1 is not, and a server that does not answer is not.',
  options: { json: JSON_FLAG },
  exitStatus: { 0: 'Healthy, or working with a warning.', 1: 'Something fails, or no server answers.' },
  examples: ['evenkeel health', 'evenkeel health --json | jq .status', 'HEALTHCHECK CMD ["evenkeel", "health"]'],

  async run({ json }, context) {
    const answer = await context.api.health().catch(unanswered);
    if (json) {
      context.json(answer);
    } else {
      const { status, ...parts } = answer;
      context.out(line`${bold('evenkeel')}  ${healthWord(status)}`);
      for (const each of fields(partsOf(parts))) context.out(each);
    }
    return answer.status === 'fail' ? EXIT.no : EXIT.ok;
  },
});

/** Nobody there is an answer too; anything but that, such as a wrong address, is a mistake to report. */
function unanswered(thrown: unknown): HealthAnswer {
  if (!(thrown instanceof EvenkeelError && thrown.kind === 'unavailable')) throw thrown;
  return { status: 'fail', output: thrown.message };
}

/** A part is one word for everybody, or an object with more for those who may see it. */
function partsOf(parts: Readonly<Record<string, unknown>>): Readonly<Record<string, Piece | null>> {
  const words: Record<string, Piece> = {};
  for (const [name, part] of Object.entries(parts)) {
    if (typeof part === 'string' || typeof part === 'number') words[name] = part;
    else if (typeof part === 'object' && part !== null) Object.assign(words, partsOf({ ...part }));
  }
  return words;
}
