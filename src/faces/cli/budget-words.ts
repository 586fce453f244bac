import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/clock.ts';
import type { BurnView, ObjectiveView } from '../http/contract.ts';
import { bad, dim, good, type Piece, type Style, Styled, warning } from './styled.ts';

const BAR_WIDTH = 10;
/** With less of it left, a bad hour spends the rest. */
const LITTLE = 0.25;

type Left = Pick<ObjectiveView, 'budgetLeft' | 'budgetLeftMs' | 'budgetLeftChecks'>;

/** How full the budget is, for the eye; the words beside it say the same. */
export function budgetBar({ budgetLeft }: Pick<ObjectiveView, 'budgetLeft'>): Piece {
  if (budgetLeft === null) return dim('·'.repeat(BAR_WIDTH));
  // What is left at all shows at least one block, and what is spent none.
  const full = Math.min(BAR_WIDTH, Math.max(0, Math.ceil(budgetLeft * BAR_WIDTH)));
  return [new Styled(lookOf(budgetLeft), ['█'.repeat(full)]), dim('░'.repeat(BAR_WIDTH - full))];
}

/** `21m 34s left`, `12 checks over`; a dash where nothing is known. */
export function budgetWords(left: Left): Piece {
  const { budgetLeft } = left;
  if (budgetLeft === null) return dim('nothing known yet');
  const text = `${amountWords(left)} ${budgetLeft > 0 ? 'left' : 'over'}`;
  return new Styled(lookOf(budgetLeft), [text]);
}

function amountWords({ budgetLeftMs, budgetLeftChecks }: Left): string {
  if (budgetLeftMs !== null) return spanWords(Math.abs(budgetLeftMs));
  const checks = Math.abs(budgetLeftChecks ?? 0);
  return `${checks} check${checks === 1 ? '' : 's'}`;
}

const UNITS = [
  ['d', DAY_MS],
  ['h', HOUR_MS],
  ['m', MINUTE_MS],
  ['s', SECOND_MS],
] as const;

/** The two largest units with a space between: `21m 34s`. */
function spanWords(ms: number): string {
  const first = UNITS.findIndex(([, unitMs]) => ms >= unitMs);
  if (first === -1) return '0s';
  return UNITS.slice(first, first + 2)
    .map(([unit, unitMs], index, pair) => {
      const rest = index === 0 ? ms : ms % (pair[0]?.[1] ?? ms);
      return { unit, count: Math.floor(rest / unitMs) };
    })
    .filter(({ count }) => count > 0)
    .map(({ unit, count }) => `${count}${unit}`)
    .join(' ');
}

function lookOf(budgetLeft: number): Style {
  if (budgetLeft <= 0) return 'bad';
  return budgetLeft < LITTLE ? 'warning' : 'good';
}

/** `14.4×`: how many times faster than would spend the budget exactly; a dash where it cannot be told. */
export function rateWords(rate: number | null): string {
  if (rate === null) return '-';
  const digits = rate >= 10 ? 0 : rate >= 1 ? 1 : 2;
  return `${rate === 0 ? '0' : rate.toFixed(digits)}×`;
}

/** A word first, so that it says the same without colours. */
export function burnWord(burn: readonly Pick<BurnView, 'severity' | 'isBurning'>[], rate: number | null): Piece {
  const burning = burn.filter(({ isBurning }) => isBurning);
  if (burning.length > 0) {
    return burning.some(({ severity }) => severity === 'critical') ? bad('✗ burning') : warning('! burning');
  }
  return rate === null ? dim('? unknown') : good('✓ calm');
}

/** Of the whole promise: a budget that is spent is no calm sight, even when nothing burns any more. */
export function objectiveWord({
  burn,
  burnRate,
  isSpent,
}: Pick<ObjectiveView, 'burn' | 'burnRate' | 'isSpent'>): Piece {
  const isBurning = burn.some((pair) => pair.isBurning);
  return isSpent && !isBurning ? bad('✗ spent') : burnWord(burn, burnRate);
}

/** A share as it is promised: never rounded up to what it is not. */
export function shareWords(share: number | null): string {
  if (share === null) return '-';
  const percent = share * 100;
  return `${(Math.floor(percent * 1_000 + 1e-6) / 1_000).toFixed(3)} %`;
}
