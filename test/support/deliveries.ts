import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { EventName, RecordedEvent } from '../../src/contracts/events.ts';
import type { DeliveryNow } from '../../src/contracts/facts.ts';
import type { Notice, OutboundMessage } from '../../src/contracts/outbound.ts';
import type { ChannelIo, Envelope, SendResult } from '../../src/delivery/channel.ts';
import { createDelivery, type Delivery } from '../../src/delivery/delivery.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import type { Log } from '../../src/kernel/log.ts';
import type { Database } from '../../src/platform/sql/database.ts';
import { readOutbox, START } from '../../src/platform/sql/outbox.ts';
import { createSystemIds } from '../../src/platform/system-ids.ts';
import { eventually } from './eventually.ts';
import { FakeClock } from './fake-clock.ts';
import { scriptedNet } from './scripted-net.ts';
import { silentLog } from './silent-log.ts';

export const ENVIRONMENT = 'live';

export const NOTICE: Notice = {
  app: 'shop',
  type: 'alert.opened',
  severity: 'critical',
  phase: 'opened',
  title: 'api is down',
  text: ['api does not answer.'],
  facts: [{ label: 'Since', value: '09:00' }],
  links: [],
  at: Date.parse('2026-01-05T09:00:00Z'),
  knownAt: Date.parse('2026-01-05T09:00:00Z'),
  data: { monitor: 'api' },
};

export interface Arrival extends Envelope {
  readonly at: number;
}

export type Answer = (envelope: Envelope, io: ChannelIo) => SendResult | Promise<SendResult>;

/** A place that messages go to, and that answers as a test says. */
export interface Receiver {
  readonly arrivals: readonly Arrival[];
  /** How many sends were under way at most. */
  readonly atOnceMax: () => number;
  /** What was said, in the order it came. */
  titles(): readonly string[];
  answer(how: Answer): void;
}

/** Takes everything until it is told otherwise. */
function receiver(clock: Clock): Receiver & { readonly send: Answer } {
  const arrivals: Arrival[] = [];
  let how: Answer = () => OK;
  let [atOnce, atOnceMax] = [0, 0];
  return {
    arrivals,
    atOnceMax: () => atOnceMax,
    titles: () => arrivals.map(({ notice }) => notice.title),
    answer: (next) => void (how = next),
    async send(envelope, io) {
      arrivals.push({ ...envelope, at: clock.now() });
      atOnce += 1;
      atOnceMax = Math.max(atOnceMax, atOnce);
      try {
        return await how(envelope, io);
      } finally {
        atOnce -= 1;
      }
    },
  };
}

export const OK = { outcome: 'delivered', detail: 'ok' } as const;
export const FAILED = { outcome: 'failed', detail: 'It answered 503.' } as const;
export const REFUSED = { outcome: 'refused', detail: 'It answered 410.' } as const;
/** Neither answers nor heeds the signal. */
export const hanging: Answer = () => new Promise<never>(() => undefined);

export type Message = Partial<Omit<OutboundMessage, 'notice'>> & { readonly title?: string };

export interface Post {
  readonly db: Database;
  readonly clock: FakeClock;
  readonly delivery: Delivery;
  /** The channel of that name; it comes into being when it is asked for first. */
  channel(name: string): Receiver;
  forget(name: string): void;
  /** Queues messages, each in a transaction of its own, and wakes the workers. */
  say(...messages: readonly Message[]): Promise<readonly boolean[]>;
  /** Newest first. */
  deliveries(): Promise<readonly DeliveryNow[]>;
  /** Fails unless there is exactly one. */
  onlyOne(): Promise<DeliveryNow>;
  events<Name extends EventName>(name: Name): Promise<readonly Extract<RecordedEvent, { name: Name }>['payload'][]>;
  /** Until it holds, while time passes slowly. */
  until(assertion: () => void | Promise<void>): Promise<void>;
  /** Waits until that attempt has failed, lets time pass until the next one is due; returns how long it had to wait. */
  failed(title: string, attempt: number): Promise<number>;
  /** Lets everybody get to where they wait. */
  settle(): Promise<void>;
}

export interface PostOptions {
  readonly db: Database;
  readonly clock?: FakeClock;
  readonly log?: Log;
}

let keys = 0;

/** A delivery with scripted channels, on a clock that stands still. It has not started yet. */
export function openPost({ db, clock = new FakeClock(), log = silentLog }: PostOptions): Post {
  // Always zero, so that no time is spread.
  const ids = { ...createSystemIds(clock), secret: (bytes: number) => Buffer.alloc(bytes).toString('base64url') };
  const net = scriptedNet();
  const channels = new Map<string, ReturnType<typeof receiver>>();
  const delivery = createDelivery({ db, clock, ids, log, net, environment: ENVIRONMENT, mail: null }, (settings) => {
    const { send } = settings as unknown as { readonly send: Answer };
    return { type: 'scripted', target: 'a test', send: async (envelope, io) => send(envelope, io) };
  });
  const until: Post['until'] = (assertion) =>
    eventually(async () => {
      await clock.advance(1);
      await assertion();
    });
  const apply = () => delivery.apply(channels as never);

  return {
    db,
    clock,
    delivery,
    channel(name) {
      const found = channels.get(name) ?? receiver(clock);
      channels.set(name, found);
      apply();
      return found;
    },
    forget(name) {
      channels.delete(name);
      apply();
    },
    async say(...messages) {
      const outcomes: boolean[] = [];
      for (const { title = 'api is down', ...message } of messages) {
        keys += 1;
        const key = `key ${keys}`;
        const whole = { environment: ENVIRONMENT, key, lane: 'page', channel: 'dev', thread: key, ...message } as const;
        outcomes.push(await db.tx((tx) => delivery.outbound.enqueue(tx, { ...whole, notice: { ...NOTICE, title } })));
      }
      delivery.wake();
      return outcomes;
    },
    deliveries: () => delivery.facts.deliveries(1_000),
    async onlyOne() {
      const [first, ...others] = await delivery.facts.deliveries(2);
      assert.ok(first !== undefined && others.length === 0, 'there should be exactly one message');
      return first;
    },
    async events(name) {
      const { events } = await readOutbox(db, START, 10_000);
      return events.filter((event) => event.name === name).map(({ payload }) => payload as never);
    },
    until,
    async failed(title, attempt) {
      const isAbout = (one: DeliveryNow) => one.title === title;
      await until(async () => {
        const found = (await delivery.facts.deliveries(1_000)).find(isAbout);
        const outcome = found?.attempts.at(-1)?.outcome;
        assert.deepEqual([found?.state, found?.attemptCount, outcome], ['waiting', attempt, 'failed']);
      });
      const { attempts = [], nextAttemptAt } = (await delivery.facts.deliveries(1_000)).find(isAbout) ?? {};
      const nextAt = nextAttemptAt ?? assert.fail('It is not tried again.');
      const { at, tookMs } = attempts.at(-1) ?? assert.fail('It was not tried.');
      await clock.advance(nextAt - clock.now());
      return nextAt - at - tookMs;
    },
    async settle() {
      for (let turn = 0; turn < 10; turn += 1) {
        await clock.advance(1);
        await delay(5);
      }
    },
  };
}

/** Opens a database and a started delivery on it; both end with the test. */
export async function startPost(
  t: TestContext,
  open: (t: Pick<TestContext, 'after'>) => Promise<Database>,
  options: Omit<PostOptions, 'db'> = {},
): Promise<Post> {
  // Hooks run in the order of their registration, and the database must outlive those who use it.
  t.after(() => post.delivery.stop());
  const post = openPost({ db: await open(t), ...options });
  post.channel('dev');
  post.delivery.start();
  return post;
}

const COLUMNS = ['id', 'environment', 'message_key', 'lane', 'channel', 'thread', 'title', 'notice', 'state'] as const;
const NUMBERS = ['attempts', 'due_at', 'known_at', 'queued_at'] as const;

/** Thousands of messages at once, each with a thread of its own. */
export async function fill(post: Post, where: Pick<OutboundMessage, 'lane' | 'channel'>, count: number): Promise<void> {
  const { lane, channel } = where;
  const now = post.clock.now();
  const rows = Array.from({ length: count }, (_, index) => {
    const id = `dlv_${lane}_${channel}_${index}`;
    return [id, ENVIRONMENT, id, lane, channel, id, NOTICE.title, JSON.stringify(NOTICE), 'waiting', 0, now, now, now];
  });
  await post.db.quiet('test', (tx) => tx.append('delivery', [...COLUMNS, ...NUMBERS], rows));
}
