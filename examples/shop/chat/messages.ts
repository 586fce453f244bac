import * as z from 'zod';

/** What we read of a webhook of Evenkeel; there is more in it. */
export const Message = z.object({
  /** E.g. `alert.opened`. */
  type: z.string(),
  timestamp: z.iso.datetime({ offset: true }),
  data: z.object({ title: z.string(), text: z.array(z.string()), severity: z.string() }),
});
export type Message = z.output<typeof Message>;

export interface Received {
  readonly id: string;
  readonly at: number;
  readonly message: Message;
}

const KEPT_MAX = 50;

/** The newest messages, in memory only: a real chat would keep them. */
export interface Conversation {
  /** A sender that never heard our answer sends again, with the same id: that is still one message. */
  add(received: Received): void;
  newestFirst(): readonly Received[];
}

export function createConversation(): Conversation {
  const byId = new Map<string, Received>();
  return {
    add(received) {
      if (!byId.has(received.id)) byId.set(received.id, received);
      const [oldest] = byId.keys();
      if (byId.size > KEPT_MAX && oldest !== undefined) byId.delete(oldest);
    },
    newestFirst: () => [...byId.values()].toReversed(),
  };
}
