import type { Page } from 'playwright-core';
import { messageOf } from '../../kernel/errors.ts';

const ERRORS_MAX = 20;
const CHARS_MAX = 200;

/** What the scripts of a page did not catch, from now on. */
export function scriptErrorsOf(page: Page): () => readonly string[] {
  const found: string[] = [];
  page.on('pageerror', (error) => {
    if (found.length < ERRORS_MAX) found.push(shown(messageOf(error)));
  });
  return () => found;
}

/** The query of an address often holds a token. */
function shown(message: string): string {
  const [line = ''] = message.slice(0, 10 * CHARS_MAX).split('\n');
  return line.replaceAll(/(?<address>https?:\/\/[^\s?#]*)[?#]\S*/g, '$<address>').slice(0, CHARS_MAX);
}
