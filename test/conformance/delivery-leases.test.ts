import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { HOUR_MS, SECOND_MS } from '../../src/kernel/clock.ts';
import type { Database } from '../../src/platform/sql/database.ts';
import { ENGINES } from '../support/databases.ts';
import { hanging, OK, openPost, REFUSED, startPost } from '../support/deliveries.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { recordingLog } from '../support/silent-log.ts';

for (const { engine, open } of ENGINES) {
  describe(`leases on ${engine}`, () => {
    test('show an attempt from the moment it begins', async (t) => {
      const post = await startPost(t, open);
      post.channel('dev').answer(hanging);
      await post.say({});

      await post.until(() => assert.equal(post.channel('dev').arrivals.length, 1));

      const { state, attempts, nextAttemptAt } = await post.onlyOne();
      assert.deepEqual([state, attempts[0]?.outcome, nextAttemptAt], ['sending', 'unknown', null]);
    });

    test('are given back by whoever stops, and the next one sends again with the same id', async (t) => {
      const post = await startPost(t, open);
      post.channel('dev').answer(hanging);
      await post.say({});
      await post.until(() => assert.equal(post.channel('dev').arrivals.length, 1));

      await post.delivery.stop();

      const given = await post.onlyOne();
      assert.deepEqual([given.state, given.attempts[0]?.outcome], ['waiting', 'unknown']);
      assert.ok((given.nextAttemptAt ?? Number.NaN) <= post.clock.now(), 'it is due now');
      const next = openPost(post);
      next.channel('dev');
      next.delivery.start();
      await next.until(async () => assert.equal((await next.onlyOne()).state, 'delivered'));
      await next.delivery.stop();
      assert.deepEqual(
        next.channel('dev').arrivals.map(({ id, attempt }) => [id, attempt]),
        [[given.id, 2]],
      );
    });

    test('of a dead process end with it, and its message is sent again with the same id', async (t) => {
      const { first, second } = await startTwo(t, open);
      first.channel('dev').answer(hanging);
      first.delivery.start();
      await first.say({});
      await first.until(() => assert.equal(first.channel('dev').arrivals.length, 1));

      second.delivery.start();
      // Nobody can tell a dead process from a slow one on PostgreSQL before its lease has run out.
      if (engine === 'PostgreSQL') await second.clock.advance(20 * SECOND_MS);

      await second.until(async () => assert.equal((await second.onlyOne()).state, 'delivered'));
      const [before] = first.channel('dev').arrivals;
      const [again] = second.channel('dev').arrivals;
      assert.deepEqual([again?.id, again?.attempt], [before?.id, 2]);
      const { attempts } = await second.onlyOne();
      assert.deepEqual(
        attempts.map(({ outcome }) => outcome),
        ['unknown', 'delivered'],
      );
    });

    test('that were lost make the word of their holder void', async (t) => {
      const { first, second } = await startTwo(t, open);
      const late = Promise.withResolvers<typeof REFUSED>();
      first.channel('dev').answer(() => late.promise);
      first.delivery.start();
      await first.say({});
      await first.until(() => assert.equal(first.channel('dev').arrivals.length, 1));
      second.channel('dev').answer(hanging);
      second.delivery.start();
      if (engine === 'PostgreSQL') await second.clock.advance(20 * SECOND_MS);
      await second.until(() => assert.equal(second.channel('dev').arrivals.length, 1));

      // The clock of the first one stands still, so it has not missed its deadline.
      late.resolve(REFUSED);

      await first.settle();
      const { state, attempts } = await second.onlyOne();
      assert.equal(state, 'sending', 'the second one is at it');
      assert.deepEqual(
        attempts.map(({ outcome }) => outcome),
        ['unknown', 'unknown'],
      );
      assert.deepEqual(await second.events('message.given-up'), []);
    });

    test('do not seem lost to their own holder when the clock is set forward', async (t) => {
      t.after(() => post.delivery.stop());
      const clock = new SettableClock();
      const post = openPost({ db: await open(t), clock });
      const dev = post.channel('dev');
      const late = Promise.withResolvers<typeof OK>();
      dev.answer(() => late.promise);
      post.delivery.start();
      await post.say({});
      await post.until(() => assert.equal(dev.arrivals.length, 1));

      clock.forwardMs = HOUR_MS;
      await post.say({ title: 'other', channel: 'ops' });
      await post.failed('other', 1);
      late.resolve(OK);

      await post.until(async () => assert.equal((await post.deliveries()).at(-1)?.state, 'delivered'));
      assert.equal(dev.arrivals.length, 1);
    });

    test('come and go with the database: nothing is lost, nothing is sent twice, and it is said once', async (t) => {
      const log = recordingLog();
      t.after(() => post.delivery.stop());
      const faulty = breakable(await open(t));
      const post = openPost({ db: faulty.db, log });
      const dev = post.channel('dev');
      const answer = Promise.withResolvers<typeof OK>();
      dev.answer(({ notice }) => (notice.title === 'under way' ? answer.promise : OK));
      post.delivery.start();
      await post.say({ title: 'under way' });
      await post.until(() => assert.equal(dev.arrivals.length, 1));
      await post.say({ title: 'waits', channel: 'later' });

      faulty.setBroken(true);
      answer.resolve(OK);
      post.channel('later');
      const complaints = () =>
        log.lines.filter(({ level }) => level === 'error').map(({ data }) => String(data['lane']));
      // A look that was under way is still answered; its lane complains about the next one.
      await post.until(() => assert.equal(new Set(complaints()).size, 3));
      for (let second = 0; second < 30; second += 1) await post.clock.advance(SECOND_MS);
      const complained = complaints();
      faulty.setBroken(false);
      await post.clock.advance(5 * SECOND_MS);

      await post.until(async () => {
        const states = (await post.deliveries()).map(({ state }) => state);
        assert.deepEqual(states, ['delivered', 'delivered']);
      });
      assert.equal(dev.arrivals.length, 1, 'its lease ran out meanwhile, but we knew that it had arrived');
      assert.deepEqual(complained.toSorted(), ['alert', 'broadcast', 'page']);
    });
  });
}

/** What people set by hand; timers do not care. */
class SettableClock extends FakeClock {
  forwardMs = 0;

  override now(): number {
    return super.now() + this.forwardMs;
  }
}

const postgres = ENGINES.find(({ engine }) => engine === 'PostgreSQL');

test('two processes that share a queue send each message once, and keep the order of threads', async (t) => {
  assert.ok(postgres !== undefined);
  const { first, second } = await startTwo(t, postgres.open);
  const threads = Array.from({ length: 20 }, (_, index) => `alt_${index}`);
  const titles = ['opened', 'worse', 'resolved'];
  const arrivals: { readonly thread: string; readonly title: string }[] = [];
  for (const { channel } of [first, second]) {
    channel('dev').answer(({ thread, notice }) => {
      arrivals.push({ thread, title: notice.title });
      return OK;
    });
  }
  for (const post of [first, second]) post.delivery.start();

  for (const title of titles) await first.say(...threads.map((thread) => ({ thread, title })));

  await eventually(async () => {
    await Promise.all([first.clock.advance(1), second.clock.advance(1)]);
    first.delivery.wake();
    second.delivery.wake();
    assert.ok((await first.deliveries()).every(({ state }) => state === 'delivered'));
  }, 60_000);
  for (const thread of threads) {
    const told = arrivals.filter((arrival) => arrival.thread === thread).map(({ title }) => title);
    assert.deepEqual(told, titles, thread);
  }
  assert.ok(Math.min(first.channel('dev').arrivals.length, second.channel('dev').arrivals.length) > 0, 'both worked');
});

test('a lease outlasts the longest attempt: nobody else takes a message that may still arrive', async (t) => {
  assert.ok(postgres !== undefined);
  const { first, second } = await startTwo(t, postgres.open);
  first.channel('dev').answer(hanging);
  first.delivery.start();
  await first.say({});
  await first.until(() => assert.equal(first.channel('dev').arrivals.length, 1));

  second.delivery.start();
  await second.clock.advance(17 * SECOND_MS);
  second.delivery.wake();
  await second.settle();

  assert.deepEqual(second.channel('dev').arrivals, []);
});

/** Two processes on one database, each with a clock of its own. They have not started yet. */
async function startTwo(t: TestContext, open: (typeof ENGINES)[number]['open']) {
  t.after(() => Promise.all([first.delivery.stop(), second.delivery.stop()]));
  const db = await open(t);
  const [first, second] = [openPost({ db }), openPost({ db })];
  for (const post of [first, second]) post.channel('dev');
  return { first, second };
}

/** The same database, which can be taken away from whoever sends messages. */
function breakable(db: Database) {
  let isBroken = false;
  const assertWhole = () => {
    if (isBroken) throw new Error('connection terminated unexpectedly');
  };
  const faulty: Database = {
    ...db,
    of<Tables>() {
      assertWhole();
      return db.of<Tables>();
    },
    async tx(work) {
      assertWhole();
      return db.tx(work);
    },
    async quiet(reason, work) {
      assertWhole();
      return db.quiet(reason, work);
    },
  };
  return { db: faulty, setBroken: (broken: boolean) => void (isBroken = broken) };
}
