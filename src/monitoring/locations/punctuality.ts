import { SECOND_MS } from '../../kernel/clock.ts';
import type { Monitor } from '../monitor.ts';

/** What a result may need on its way from a probe. */
const ON_THE_WAY_MS = 30 * SECOND_MS;

/**
 * How old the latest result of a place may be for the place to have a vote, and a result for anybody to be told of it.
 * What comes later fills history only: nobody is woken for what is over.
 */
export function patienceOf({ intervalMs }: Pick<Monitor, 'intervalMs'>): number {
  return 2 * intervalMs + ON_THE_WAY_MS;
}
