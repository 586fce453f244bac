import type { ProofLevel } from '../../contracts/facts.ts';
import { bad, good, type Styled, warning } from './styled.ts';

const WORD: Readonly<Record<ProofLevel, Styled>> = {
  none: bad('✗ none yet'),
  stored: warning('! stored'),
  readable: warning('! readable'),
  restored: good('✓ proven'),
};

/** What was done with a backup. Only one that was restored is good: everything else is a file and a hope. */
export function proofWord(level: ProofLevel): Styled {
  return WORD[level];
}
