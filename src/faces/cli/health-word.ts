import type { HealthWord } from '../http/contract.ts';
import { bad, good, type Styled, warning } from './styled.ts';

const WORD: Readonly<Record<HealthWord, Styled>> = {
  pass: good('✓ pass'),
  warn: warning('! warn'),
  fail: bad('✗ fail'),
};

/** Like a state, a health word keeps its word beside its symbol. */
export function healthWord(word: HealthWord): Styled {
  return WORD[word];
}
