import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LANES } from '../../src/contracts/outbound.ts';
import { DAY_MS, SECOND_MS } from '../../src/kernel/clock.ts';
import { ENGINES } from '../support/databases.ts';
import {
  ENVIRONMENT,
  FAILED,
  fill,
  hanging,
  NOTICE,
  OK,
  type Post,
  REFUSED,
  startPost,
} from '../support/deliveries.ts';
import { recordingLog } from '../support/silent-log.ts';

for (const { engine, open } of ENGINES) {
  describe(`delivery on ${engine}`, () => {
    test('hands a message to its channel, once, and remembers that', async (t) => {
      const log = recordingLog();
      const post = await startPost(t, open, { log });
      const queuedAt = post.clock.now();

      assert.deepEqual(await post.say({ thread: 'alt_1' }), [true]);

      await post.until(async () => assert.equal((await post.onlyOne()).state, 'delivered'));
      const { id, deliveredAt, attempts, ...rest } = await post.onlyOne();
      assert.match(id, /^dlv_/);
      const [{ at, ...envelope } = { at: 0 }, ...others] = post.channel('dev').arrivals;
      assert.deepEqual([envelope, at >= queuedAt], [{ id, thread: 'alt_1', attempt: 1, notice: NOTICE }, true]);
      assert.deepEqual(others, []);
      assert.deepEqual(rest, {
        lane: 'page',
        channel: 'dev',
        type: 'scripted',
        title: 'api is down',
        thread: 'alt_1',
        state: 'delivered',
        knownAt: NOTICE.knownAt,
        queuedAt,
        nextAttemptAt: null,
        attemptCount: 1,
      });
      assert.ok(deliveredAt !== null && deliveredAt >= queuedAt);
      assert.deepEqual(
        attempts.map(({ outcome, detail }) => [outcome, detail]),
        [['delivered', 'ok']],
      );
      await post.settle();
      assert.deepEqual(log.lines, [], 'there is nothing to say about a healthy day');
    });

    test('announces what is queued and what was delivered', async (t) => {
      const post = await startPost(t, open);
      await post.say({ lane: 'alert' });

      await post.until(async () => assert.equal((await post.events('message.delivered')).length, 1));
      const { id, queuedAt, deliveredAt } = await post.onlyOne();
      const about = { environment: ENVIRONMENT, message: id, channel: 'dev' };
      assert.deepEqual(await post.events('message.queued'), [{ ...about, lane: 'alert', at: queuedAt }]);
      assert.deepEqual(await post.events('message.delivered'), [{ ...about, attempts: 1, at: deliveredAt }]);
    });

    test('says once what has one key, and nothing that was rolled back', async (t) => {
      const post = await startPost(t, open);
      const lost = { environment: ENVIRONMENT, key: 'lost', lane: 'page', channel: 'dev', thread: 'alt_1' } as const;
      const powerCut = post.db.tx(async (tx) => {
        await post.delivery.outbound.enqueue(tx, { ...lost, notice: NOTICE });
        throw new Error('power cut');
      });
      await assert.rejects(powerCut);

      const key = 'alt_1/opened/dev';
      assert.deepEqual(await post.say({ key, title: 'first' }, { key, title: 'again' }), [true, false]);
      await post.until(async () => assert.equal((await post.onlyOne()).state, 'delivered'));
      assert.deepEqual(await post.say({ key, title: 'much later' }, { title: 'other' }), [false, true]);

      await post.until(() => assert.deepEqual(post.channel('dev').titles(), ['first', 'other']));
      assert.equal((await post.events('message.queued')).length, 2);
    });

    test('leaves alone what belongs to another environment', async (t) => {
      const post = await startPost(t, open);
      const outcomes = await post.say(
        { environment: 'sandbox', key: 'same', title: 'for others' },
        { key: 'same', title: 'for us' },
      );

      assert.deepEqual(outcomes, [true, true]);
      await post.until(async () => assert.equal((await post.onlyOne()).state, 'delivered'));
      await post.settle();
      assert.deepEqual(post.channel('dev').titles(), ['for us']);
    });

    test('keeps the order of a thread, even across lanes, while other threads and channels go on', async (t) => {
      const post = await startPost(t, open);
      const dev = post.channel('dev');
      const ops = post.channel('ops');
      dev.answer(({ notice, attempt }) => (notice.title === 'opened' && attempt < 3 ? FAILED : OK));

      await post.say(
        { thread: 'alt_1', title: 'opened' },
        { thread: 'alt_1', title: 'worse' },
        { thread: 'alt_1', title: 'resolved', lane: 'alert' },
        { thread: 'alt_2', title: 'other' },
        { thread: 'alt_1', title: 'for others', channel: 'ops' },
      );

      await post.until(() => assert.deepEqual(dev.titles().toSorted(), ['opened', 'other']));
      await post.until(() => assert.deepEqual(ops.titles(), ['for others']));
      for (const attempt of [1, 2]) await post.failed('opened', attempt);
      await post.until(() => assert.equal(dev.titles().length, 6));
      assert.deepEqual(dev.titles().slice(2), ['opened', 'opened', 'worse', 'resolved']);
    });

    test('goes on in a thread when its first message is given up', async (t) => {
      const post = await startPost(t, open);
      post.channel('dev').answer(({ notice }) => (notice.title === 'opened' ? REFUSED : OK));

      await post.say({ thread: 'alt_1', title: 'opened' }, { thread: 'alt_1', title: 'resolved' });

      await post.until(async () => assert.deepEqual(await statesOf(post), { opened: 'dead', resolved: 'delivered' }));
    });

    test('lets a receiver that hangs delay nothing but its own messages, however many wait', async (t) => {
      const post = await startPost(t, open);
      const hole = post.channel('a hole');
      hole.answer(hanging);
      for (const lane of LANES) await fill(post, { lane, channel: 'a hole' }, lane === 'broadcast' ? 50_000 : 1_000);
      post.delivery.wake();
      await post.until(() => assert.equal(hole.arrivals.length, 13));
      const hungAt = post.clock.now();

      for (const lane of LANES) {
        await post.say({ lane, title: lane });
        await post.until(() => assert.equal(post.channel('dev').titles().at(-1), lane));
      }

      assert.equal(hole.atOnceMax(), 13, 'eight pages, four alerts and one broadcast');
      assert.ok(post.clock.now() - hungAt < SECOND_MS, 'nobody waited for a deadline');
    });

    test('lets many receivers that hang fill a lane for a second only', async (t) => {
      const post = await startPost(t, open);
      const holes = Array.from({ length: 30 }, (_, index) => post.channel(`hole ${index}`));
      for (const hole of holes) hole.answer(hanging);
      await post.say(...holes.map((_, index) => ({ channel: `hole ${index}` })));
      await post.until(() => assert.equal(holes.filter(({ arrivals }) => arrivals.length > 0).length, 24));
      await post.say({ title: 'urgent' });
      await post.settle();
      assert.deepEqual(post.channel('dev').titles(), [], 'the lane is full');

      await post.clock.advance(SECOND_MS);

      await post.until(() => assert.deepEqual(post.channel('dev').titles(), ['urgent']));
    });

    test('wakes at once when it is told to, and looks by itself every five seconds', async (t) => {
      const post = await startPost(t, open);
      await post.settle();
      await post.say({ title: 'told' });
      await post.until(() => assert.deepEqual(post.channel('dev').titles(), ['told']));
      await post.settle();

      const queued = { environment: ENVIRONMENT, key: 'untold', lane: 'alert', channel: 'dev', thread: 'x' } as const;
      await post.db.tx((tx) =>
        post.delivery.outbound.enqueue(tx, { ...queued, notice: { ...NOTICE, title: 'untold' } }),
      );
      await post.clock.advance(5 * SECOND_MS);

      await post.until(() => assert.deepEqual(post.channel('dev').titles(), ['told', 'untold']));
    });

    test('lists the newest messages first, as many as are asked for', async (t) => {
      const post = await startPost(t, open);
      await post.say({ title: 'one' }, { title: 'two' }, { title: 'three' });

      const titles = (await post.delivery.facts.deliveries(2)).map(({ title }) => title);

      assert.deepEqual(titles, ['three', 'two']);
    });

    test('forgets what ended long ago, with its attempts, and never what waits', async (t) => {
      const post = await startPost(t, open);
      post.channel('gone').answer(() => REFUSED);
      post.channel('down').answer(() => FAILED);
      await post.say({ title: 'old' }, { title: 'dead', channel: 'gone' }, { title: 'waits', channel: 'down' });
      await post.until(async () => {
        assert.deepEqual(await statesOf(post), { old: 'delivered', dead: 'dead', waits: 'waiting' });
      });
      const before = post.clock.now() + 1;
      await post.clock.advance(SECOND_MS);
      await post.say({ title: 'new' });
      await post.until(() => assert.equal(post.channel('dev').titles().at(-1), 'new'));

      assert.equal(await post.delivery.prune(before, AbortSignal.timeout(DAY_MS)), 2);

      const left = (await post.deliveries()).map(({ title, attempts }) => [title, attempts.length > 0]);
      assert.deepEqual(left, [
        ['new', true],
        ['waits', true],
      ]);
    });
  });
}

async function statesOf(post: Post): Promise<Readonly<Record<string, string>>> {
  return Object.fromEntries((await post.deliveries()).map(({ title, state }) => [title, state]));
}
