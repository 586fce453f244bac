import * as z from 'zod';
import { SEVERITIES, type Severity } from '../../contracts/outbound.ts';
import { type Burn, nextBurn, type Rates } from './burning.ts';
import type { BurnPair } from './objective.ts';

/** What was told of an objective, and what is needed to tell nothing twice. */
export const Standing = z.object({
  /** The pairs that burn, by their numbers: others may stand in the manifest tomorrow. */
  burns: z.record(z.string(), z.object({ since: z.int(), calmSince: z.int().nullable() })),
  /** The worst of them, as it was told; null when none burns. */
  told: z.enum(SEVERITIES).nullable(),
  isSpent: z.boolean(),
});
export type Standing = z.output<typeof Standing>;

export const CALM: Standing = { burns: {}, told: null, isSpent: false };

export interface Measured {
  /** One for each pair, in their order. */
  readonly rates: readonly Rates[];
  /** Share of the budget that is left; null while nothing is known. */
  readonly budgetLeft: number | null;
}

export type Happening =
  | { readonly what: 'burning'; readonly pair: BurnPair; readonly rates: Rates }
  | { readonly what: 'calmed' | 'spent' | 'restored' };

const UNKNOWN: Rates = { long: null, short: null, isMoreThanOne: false };

/** A budget counts as restored from so much on: around zero it would be spent and restored every minute. */
const RESTORED_FROM = 0.01;

/** What is true after `before`, and what there is to tell of it. Pure: whoever commits it tells it. */
export function nextStanding(
  before: Standing,
  pairs: readonly BurnPair[],
  { rates, budgetLeft }: Measured,
  now: number,
): { readonly standing: Standing; readonly happenings: readonly Happening[] } {
  const burning = pairs.flatMap((pair, index) => {
    const pairRates = rates[index] ?? UNKNOWN;
    const burn = nextBurn(before.burns[keyOf(pair)], pair, pairRates, now);
    return burn === undefined ? [] : [{ pair, rates: pairRates, burn }];
  });
  const [worst] = burning.toSorted((a, b) => rank(a.pair.severity) - rank(b.pair.severity));
  const told = worst?.pair.severity ?? null;
  const isNews = worst !== undefined && told !== before.told;
  const isSpent = spentNow(before.isSpent, budgetLeft);
  return {
    standing: { burns: Object.fromEntries(burning.map(({ pair, burn }) => [keyOf(pair), burn])), told, isSpent },
    happenings: [
      ...(isNews ? [{ what: 'burning' as const, pair: worst.pair, rates: worst.rates }] : []),
      ...(before.told !== null && told === null ? [{ what: 'calmed' as const }] : []),
      ...(isSpent === before.isSpent ? [] : [{ what: isSpent ? ('spent' as const) : ('restored' as const) }]),
    ],
  };
}

export function burnOf(standing: Standing, pair: BurnPair): Burn | undefined {
  return standing.burns[keyOf(pair)];
}

function keyOf({ severity, longMs, shortMs, factor }: BurnPair): string {
  return `${severity} ${longMs}/${shortMs} ${factor}`;
}

/** The worst first. */
function rank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}

function spentNow(isSpent: boolean, budgetLeft: number | null): boolean {
  if (budgetLeft === null) return isSpent;
  return budgetLeft <= 0 || (isSpent && budgetLeft < RESTORED_FROM);
}
