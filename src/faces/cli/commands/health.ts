import * as z from 'zod';
import { EvenkeelError } from '../../../kernel/errors.ts';
import type { HealthAnswer } from '../api-client.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { fields } from '../fields.ts';
import { healthWord } from '../health-word.ts';
import { flag, JSON_FLAG } from '../options.ts';
import { bold, line, type Piece } from '../styled.ts';

export const health = defineCommand({
  name: 'health',
  kind: 'read',
  summary: 'Whether the running Evenkeel is healthy.',
  description: [
    'Made for health checks of containers and process managers: 0 is healthy, 1 is not, and a server that does not answer is not.',
    'This is about Evenkeel itself: restarting it would not help an application that is down. --application asks about that one.',
  ].join('\n'),
  options: {
    application: flag('Ask about the application that is watched instead.'),
    detail: flag('Tell the parts, with times and reasons; needs the role operator.'),
    json: JSON_FLAG,
  },
  exitStatus: { 0: 'Healthy, or working with a warning.', 1: 'Something fails, or no server answers.' },
  examples: [
    'evenkeel health',
    'evenkeel health --application --detail',
    'evenkeel health --json | jq .status',
    'HEALTHCHECK CMD ["evenkeel", "health"]',
  ],

  async run({ application, detail, json }, context) {
    const answer = await context.api.health(application ? '/api/health' : '/health', detail).catch(unanswered);
    if (json) {
      context.json(answer);
    } else {
      const { status, ...parts } = answer;
      context.out(line`${bold(application ? 'application' : 'evenkeel')}  ${healthWord(status)}`);
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

/** A part is a word, a list of words, or a group of parts; a check (draft-inadarei-api-health-check) is one part. */
function partsOf(parts: Readonly<Record<string, unknown>>): Readonly<Record<string, Piece>> {
  const words: Record<string, Piece> = {};
  for (const [name, part] of Object.entries(parts)) {
    const checks = Checks.safeParse(part);
    if (checks.success) for (const check of checks.data) words[check.componentId] = checkWords(check);
    else if (Array.isArray(part)) words[name] = part.join(', ');
    else if (typeof part === 'object' && part !== null) Object.assign(words, partsOf({ ...part }));
    else words[name] = wordOf(part);
  }
  return words;
}

const Word = z.enum(['pass', 'warn', 'fail']);
const Checks = z.array(z.object({ componentId: z.string(), status: Word, output: z.string().optional() })).min(1);

function checkWords({ status, output }: z.output<typeof Checks>[number]): Piece {
  return output === undefined ? healthWord(status) : line`${healthWord(status)}  ${output}`;
}

function wordOf(part: unknown): Piece {
  const word = Word.safeParse(part);
  return word.success ? healthWord(word.data) : String(part);
}
