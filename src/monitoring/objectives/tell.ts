import type { Tx } from '../../contracts/database.ts';
import { formatDuration } from '../../kernel/duration.ts';
import type { Objective } from './objective.ts';
import type { Happening } from './standing.ts';

export interface Telling {
  readonly environment: string;
  readonly objective: Pick<Objective, 'name' | 'whenSpent'>;
  /** Share of the budget that is left. */
  readonly budgetLeft: number;
  readonly at: number;
}

/** Announces what happened, in the transaction that remembers it. */
export async function tell(tx: Tx, happening: Happening, telling: Telling): Promise<void> {
  const { environment, objective, budgetLeft, at } = telling;
  const common = { environment, objective: objective.name, budgetLeft, at };
  switch (happening.what) {
    case 'burning': {
      const { pair, rates } = happening;
      const reason = burnWords(telling, happening);
      return tx.emit('objective.burning', { ...common, severity: pair.severity, burnRate: rates.long ?? 0, reason });
    }
    case 'calmed':
      return tx.emit('objective.calmed', common);
    case 'spent':
      return tx.emit('objective.budget-spent', { ...common, releases: objective.whenSpent });
    case 'restored':
      return tx.emit('objective.budget-restored', common);
  }
}

function speed(rate: number | null): string {
  return rate === null ? 'too' : `${Number(rate.toPrecision(2))} times too`;
}

function burnWords({ objective, budgetLeft }: Telling, { pair, rates }: Happening & { what: 'burning' }): string {
  const windows = `${speed(rates.long)} fast over ${formatDuration(pair.longMs)}, ${speed(rates.short)} fast over ${formatDuration(pair.shortMs)}`;
  const left = budgetLeft > 0 ? `${Math.floor(budgetLeft * 100)}% of it is left` : 'nothing of it is left';
  return `The error budget of ${objective.name} is being spent ${windows}; ${left}.`;
}
