import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { sql } from 'kysely';
import { type AlertingSettings, createAlerting } from '../../src/alerting/index.ts';
import type { Tx } from '../../src/contracts/database.ts';
import type { EventConsumer, EventName, EventPayload, RecordedEvent } from '../../src/contracts/events.ts';
import type { Outbound, OutboundMessage } from '../../src/contracts/outbound.ts';
import { SECOND_MS } from '../../src/kernel/clock.ts';
import type { Database } from '../../src/platform/sql/database.ts';
import { createEventStream } from '../../src/platform/sql/event-stream.ts';
import { endOfOutbox, hasHiddenEvents, readOutbox, START } from '../../src/platform/sql/outbox.ts';
import { systemClock } from '../../src/platform/system-clock.ts';
import { createSystemIds } from '../../src/platform/system-ids.ts';
import { eventually } from './eventually.ts';
import { recordingLog } from './silent-log.ts';

export const STARTED_AT = Date.parse('2026-11-21T10:00:00Z');

/** Everybody there is: `dev`, `ops`, and Ada, who has an address. */
export function settings(changes: Partial<AlertingSettings> = {}): AlertingSettings {
  const names = ['web', 'api', 'db', 'checkout'].map((name) => ({ name, was: [] }));
  const route = { channels: ['ops', 'dev'], people: ['ada'], firstLevel: null };
  return { app: 'shop', route, monitors: names, backups: names, ...changes };
}

/** Keeps messages as delivery does: a message is there when its transaction was committed, and only once. */
function recordingOutbound(): Outbound & { readonly byKey: Map<string, OutboundMessage> } {
  const byKey = new Map<string, OutboundMessage>();
  return {
    byKey,
    async enqueue(tx, message) {
      byKey.set(message.key, message);
      const { environment, key, lane, channel, notice } = message;
      await tx.emit('message.queued', { environment, message: key, lane, channel, at: notice.at });
      return true;
    },
  };
}

interface AlertedOptions {
  /** Undefined while nobody has said anything. */
  readonly settings: AlertingSettings | undefined;
  readonly environment?: string;
  /** What stands between the stream and alerting. */
  readonly through?: (consumer: EventConsumer) => EventConsumer;
}

/** Alerting at work, reading the stream of events of a real database. */
export async function alerted(
  t: TestContext,
  open: (t: TestContext) => Promise<Database>,
  { settings: given, environment = 'live', through = (consumer: EventConsumer) => consumer }: AlertedOptions = {
    settings: settings(),
  },
) {
  // Hooks run in the order of their registration, and the database must outlive what reads from it.
  t.after(() => stream.stop());
  const db = await open(t);
  const log = recordingLog();
  const outbound = recordingOutbound();
  const links = { statusPage: () => 'https://status.shop.example/' };
  const ids = createSystemIds(systemClock);
  const alerting = createAlerting({ db, ids, log, environment, outbound, links });
  if (given !== undefined) alerting.apply(given);
  const stream = createEventStream({ db, clock: systemClock, log });
  stream.consume(through(alerting.consumer));

  return { db, log, alerting, happens, sent, events };

  /** Each in a transaction of its own; resolves once everything was handled. */
  async function happens(...what: readonly Emit[]): Promise<void> {
    for (const emit of what) await db.tx(emit);
    await eventually(async () => {
      const end = await endOfOutbox(db);
      assert.equal(await cursorOf(db, alerting.consumer.name), end);
      // What is committed may still be hidden by a transaction that is older and runs on.
      assert.equal(await hasHiddenEvents(db, end), false);
    });
  }

  /** What was committed to be said, oldest first. */
  async function sent(): Promise<readonly OutboundMessage[]> {
    const keys = (await events('message.queued')).map(({ message }) => message);
    assert.equal(new Set(keys).size, keys.length, 'said twice');
    return keys.flatMap((key) => outbound.byKey.get(key) ?? []);
  }

  async function events<Name extends EventName>(name: Name): Promise<readonly EventPayload<Name>[]> {
    const { events: all } = await readOutbox(db, START, 1_000);
    return all.filter((event): event is RecordedEvent & { name: Name } => event.name === name).map(payloadOf<Name>);
  }
}

type Emit = (tx: Tx) => Promise<void>;

function payloadOf<Name extends EventName>(event: RecordedEvent & { name: Name }): EventPayload<Name> {
  return event.payload as EventPayload<Name>;
}

async function cursorOf(db: Database, consumer: string): Promise<string> {
  const query = sql<{ xid: string; seq: number }>`select xid, seq from outbox_cursor where consumer = ${consumer}`;
  const [row] = (await query.execute(db.of())).rows;
  return `${row?.xid}/${row?.seq}`;
}

export type StateChange = EventPayload<'monitor.state-changed'>;

/** `after` says how many seconds after the beginning; it was confirmed ten seconds later. */
export function stateChange(
  monitor: string,
  to: StateChange['to'],
  { after = 0, cause = monitor, ...changes }: Partial<StateChange> & { after?: number; cause?: string } = {},
): StateChange {
  const at = STARTED_AT + after * SECOND_MS;
  const isWell = to === 'up';
  return {
    environment: 'live',
    monitor,
    from: isWell ? 'down' : 'up',
    to,
    at,
    confirmedAt: isWell ? at : at + 10 * SECOND_MS,
    reason: isWell ? null : `The connection to ${monitor} was refused.`,
    rootCause: to === 'down' || to === 'degraded' ? cause : null,
    ...changes,
  };
}

export function goes(...change: Parameters<typeof stateChange>): Emit {
  return (tx) => tx.emit('monitor.state-changed', stateChange(...change));
}

export function emits<Name extends EventName>(name: Name, payload: EventPayload<Name>): Emit {
  return (tx) => tx.emit(name, payload);
}

/** `dev hears api is down (page)` */
export function shown({ channel, lane, notice }: OutboundMessage): string {
  return `${channel} hears ${notice.title} (${lane})`;
}
