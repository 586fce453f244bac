import type { DeliveryView } from '../http/contract.ts';
import { attemptWords } from './attempt-words.ts';
import { bad, dim, good, line, type Piece, type Styled, warning } from './styled.ts';
import { type Column, table } from './table.ts';
import { ago, roughly, until } from './time-words.ts';

const COLUMNS: readonly Column[] = [
  { title: 'when', isNumeric: true },
  { title: 'channel', mayShrink: true },
  { title: 'lane' },
  { title: 'what', mayShrink: true },
  { title: 'state' },
  { title: 'attempts', isNumeric: true },
];

/** Messages; below each that did not arrive, on a line of its own, what the receiver said. */
export function deliveryTable(
  deliveries: readonly DeliveryView[],
  now: number,
  columns: number | null,
): readonly Styled[] {
  const rows = deliveries.map((delivery) => [
    ago(delivery.queuedAt, now),
    delivery.type === null ? delivery.channel : `${delivery.channel} (${delivery.type})`,
    delivery.lane,
    delivery.title,
    stateWords(delivery, now),
    delivery.attemptCount,
  ]);
  const [head, ...lines] = table(COLUMNS, rows, columns);
  const told = lines.flatMap((each, index) => [each, ...reasonLines(deliveries[index], now)]);
  return head === undefined ? told : [head, ...told];
}

function stateWords({ state, queuedAt, deliveredAt, nextAttemptAt, attemptCount }: DeliveryView, now: number): Piece {
  if (state === 'dead') return bad('✗ given up');
  if (state === 'sending') return dim('· being sent');
  if (state === 'waiting') {
    return attemptCount === 0 ? dim('· waiting') : warning(`! tried again ${until(nextAttemptAt, now)}`);
  }
  const took = deliveredAt === null ? '' : ` after ${roughly(Date.parse(deliveredAt) - Date.parse(queuedAt))}`;
  return good(`✓ delivered${took}`);
}

function reasonLines(delivery: DeliveryView | undefined, now: number): readonly Styled[] {
  const last = delivery?.attempts.at(-1);
  if (delivery === undefined || delivery.state === 'delivered' || last === undefined) return [];
  return [line`  ${attemptWords(last, now)}`];
}
