import type { AttemptView } from '../http/contract.ts';
import { dim, line, type Styled } from './styled.ts';
import { ago } from './time-words.ts';

/** How the last attempt to send a message ended, when it did not arrive. */
export function attemptWords({ at, outcome, detail }: AttemptView, now: number): Styled {
  const what = outcome === 'unknown' ? 'was cut off, so it may have arrived' : 'failed';
  return line`${dim('the last attempt')} ${what} ${ago(at, now)}: ${detail}`;
}
