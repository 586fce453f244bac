import path from 'node:path';
import type { TestEvent } from 'node:test/reporters';
import { inspect } from 'node:util';

const SHOWN_CHARS_MAX = 2_000;

/**
 * What failed, and nothing else: a run ends with it, for the middle of a long log is the first thing that gets lost.
 * For `node --test --test-reporter`, with a file as the destination.
 */
export default async function* reporter(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const { type, data } of source) {
    if (type !== 'test:fail' || data.todo !== undefined) continue;
    const { error } = data.details;
    // A suite fails because of a test in it, which is told by itself.
    if ('failureType' in error && error.failureType === 'subtestsFailed') continue;
    const file = path.relative(process.cwd(), data.file ?? '');
    yield `✖ ${data.name} (${file})\n${indented(inspect(error.cause ?? error, { colors: false }))}\n`;
  }
}

function indented(text: string): string {
  return text.slice(0, SHOWN_CHARS_MAX).replaceAll(/^(?=.)/gm, '    ');
}
