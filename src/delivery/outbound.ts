import { Notice, type Outbound } from '../contracts/outbound.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Ids } from '../kernel/ids.ts';
import * as deliveryStore from './queue/delivery-store.ts';

export function createOutbound({ clock, ids }: { readonly clock: Clock; readonly ids: Ids }): Outbound {
  return {
    async enqueue(tx, { environment, key, lane, channel, thread, notice }) {
      const id = ids.next('dlv');
      const at = clock.now();
      const text = JSON.stringify(Notice.parse(notice));
      const { title, knownAt } = notice;
      const row = { id, environment, message_key: key, lane, channel, thread, title, notice: text };
      if (!(await deliveryStore.insert(tx, { ...row, known_at: knownAt, queued_at: at }))) return false;
      await tx.emit('message.queued', { environment, message: id, lane, channel, at });
      return true;
    },
  };
}
