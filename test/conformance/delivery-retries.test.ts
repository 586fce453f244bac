import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../src/kernel/clock.ts';
import { ENGINES } from '../support/databases.ts';
import { FAILED, hanging, OK, openPost, REFUSED, startPost } from '../support/deliveries.ts';
import { recordingLog } from '../support/silent-log.ts';

for (const { engine, open } of ENGINES) {
  describe(`retries on ${engine}`, () => {
    test('come as the schedule says and as the receiver asks, until it takes the message', async (t) => {
      const post = await startPost(t, open);
      const asks = [undefined, undefined, 90 * SECOND_MS, 3 * HOUR_MS, undefined];
      const dev = post.channel('dev');
      dev.answer(({ attempt }) => {
        const retryAfterMs = asks[attempt - 1];
        if (attempt > asks.length) return OK;
        return retryAfterMs === undefined ? FAILED : { ...FAILED, retryAfterMs };
      });
      await post.say({});

      const waits: number[] = [];
      for (const index of asks.keys()) waits.push(await post.failed('api is down', index + 1));

      // Between the answer and its record the clock of the test moves on a little.
      const seconds = waits.map((ms) => Math.floor(ms / SECOND_MS));
      assert.deepEqual(seconds, [1, 2, 90, HOUR_MS / SECOND_MS, 30]);
      await post.until(async () => assert.equal((await post.onlyOne()).state, 'delivered'));
      const { id, attempts } = await post.onlyOne();
      assert.deepEqual(
        dev.arrivals.map((arrival) => [arrival.id, arrival.attempt]),
        attempts.map((_, index) => [id, index + 1]),
      );
      assert.deepEqual(attempts.at(0)?.detail, FAILED.detail);
      assert.deepEqual(attempts.at(-1)?.outcome, 'delivered');
    });

    test('end at once when the receiver refuses for good, which is said once', async (t) => {
      const log = recordingLog();
      const post = await startPost(t, open, { log });
      post.channel('dev').answer(() => REFUSED);

      await post.say({});

      await post.until(async () => assert.equal((await post.onlyOne()).state, 'dead'));
      await post.clock.advance(HOUR_MS);
      await post.settle();
      const { id, attempts, deliveredAt, nextAttemptAt } = await post.onlyOne();
      assert.deepEqual([attempts.length, attempts[0]?.outcome, deliveredAt, nextAttemptAt], [1, 'failed', null, null]);
      const reason = REFUSED.detail;
      const [event, ...others] = await post.events('message.given-up');
      assert.deepEqual([event?.message, event?.reason, event?.attempts, others.length], [id, reason, 1, 0]);
      const errors = log.lines.filter(({ level }) => level === 'error');
      assert.deepEqual(
        errors.map(({ data }) => [data['message'], data['channel'], data['reason']]),
        [[id, 'dev', reason]],
      );
    });

    test('end after a day; what nobody could try before is tried as the schedule says all the same', async (t) => {
      t.after(() => post.delivery.stop());
      const post = openPost({ db: await open(t) });
      const dev = post.channel('dev');
      dev.answer(() => FAILED);
      await post.say({});
      await post.clock.advance(DAY_MS);

      post.delivery.start();
      for (let attempt = 1; attempt < 8; attempt += 1) await post.failed('api is down', attempt);

      await post.until(async () => assert.equal((await post.onlyOne()).state, 'dead'));
      assert.equal(dev.arrivals.length, 8);
      const [event] = await post.events('message.given-up');
      assert.equal(event?.reason, `It could not be delivered within 24 hours. ${FAILED.detail}`);
    });

    test('are all counted and the newest are listed, so that a day of failures can be looked at', async (t) => {
      const post = await startPost(t, open);
      post.channel('dev').answer(({ attempt }) => ({ ...FAILED, detail: `no ${attempt}` }));
      await post.say({});

      for (let attempt = 1; attempt <= 22; attempt += 1) await post.failed('api is down', attempt);

      await post.until(async () => assert.equal((await post.onlyOne()).attempts.at(-1)?.detail, 'no 23'));
      const { attemptCount, attempts } = await post.onlyOne();
      assert.deepEqual([attemptCount, attempts.length, attempts[0]?.detail], [23, 20, 'no 4']);
    });

    test('give a receiver 15 seconds, whether its channel heeds the signal or not', async (t) => {
      const post = await startPost(t, open);
      const dev = post.channel('dev');
      dev.answer(hanging);
      post.channel('polite').answer((_envelope, { signal }) => {
        const { promise, resolve } = Promise.withResolvers<typeof FAILED>();
        signal.addEventListener('abort', () => resolve(FAILED), { once: true });
        return promise;
      });
      await post.say({}, { channel: 'polite' });
      await post.until(() => assert.equal(dev.arrivals.length + post.channel('polite').arrivals.length, 2));

      await post.clock.advance(15 * SECOND_MS);

      await post.until(async () => {
        const ends = (await post.deliveries()).flatMap(({ attempts }) => attempts[0] ?? []);
        const said = 'There was no answer within 15 s.';
        assert.deepEqual(
          ends.map(({ outcome, detail }) => [outcome, detail]),
          [
            ['failed', said],
            ['failed', said],
          ],
        );
        assert.ok(ends.every(({ tookMs }) => tookMs >= 15 * SECOND_MS));
      });
    });

    test('wait for a channel that the manifest does not have, and say so', async (t) => {
      const post = await startPost(t, open);
      await post.say({ channel: 'ops', title: 'for ops' });
      await post.failed('for ops', 1);
      const waiting = await post.onlyOne();
      assert.equal(waiting.type, null);
      assert.match(waiting.attempts[0]?.detail ?? '', /no channel ops/);

      const ops = post.channel('ops');
      await post.clock.advance(5 * SECOND_MS);

      await post.until(async () => assert.equal((await post.onlyOne()).state, 'delivered'));
      assert.equal(ops.arrivals.length, 1);
    });

    test('outlive a channel that throws: a mistake of ours, in the log with its cause and nowhere else', async (t) => {
      const log = recordingLog();
      const post = await startPost(t, open, { log });
      const defect = new TypeError('cannot read https://hooks.example/s3cret');
      post.channel('dev').answer(({ attempt }) => {
        if (attempt === 1) throw defect;
        return OK;
      });
      await post.say({});

      await post.failed('api is down', 1);

      await post.until(async () => assert.equal((await post.onlyOne()).state, 'delivered'));
      assert.deepEqual(
        log.lines.filter(({ level }) => level === 'error').map(({ data }) => data['error']),
        [defect],
      );
      assert.doesNotMatch(JSON.stringify(await post.onlyOne()), /s3cret/);
    });
  });
}
