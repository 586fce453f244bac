import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts';
import { createAnnouncer } from '../../src/monitoring/maintenance/announcing.ts';
import { createBook } from '../../src/monitoring/maintenance/book.ts';
import { createMaintenanceDesk } from '../../src/monitoring/maintenance/desk.ts';
import { plannedWindowsOf } from '../../src/monitoring/maintenance/window-of.ts';
import type { Database } from '../../src/platform/sql/database.ts';
import { readOutbox, START } from '../../src/platform/sql/outbox.ts';
import { createSystemIds } from '../../src/platform/system-ids.ts';
import { ENGINES } from '../support/databases.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { silentLog } from '../support/silent-log.ts';

const MONITORS = [
  { name: 'db', dependsOn: [] },
  { name: 'api', dependsOn: ['db'] },
];
/** The clock begins at nine. */
const AT_TEN = { patches: { title: 'Patches', cron: '0 10 * * *', for: HOUR_MS, monitors: ['db'] } };
const WORK = { title: 'Disks', monitors: ['db'], pausesChecks: false, reason: null, startedBy: 'ada' };
const FOR_REAL = { dryRun: false };

for (const { engine, open } of ENGINES) {
  describe(`maintenance on ${engine}`, () => {
    test('a planned window is told once when it begins and once when it ends, by however many processes', async (t) => {
      const [db, clock] = [await open(t), new FakeClock()];
      const [one, other] = [processOn(db, clock), processOn(db, clock)];

      for (const minutes of [0, 59, 1, 1, 58, 1, 1]) {
        await clock.advance(minutes * MINUTE_MS);
        await Promise.all([one.announcer.announce(), other.announcer.announce()]);
        // A restart remembers nothing.
        await processOn(db, clock).announcer.announce();
      }

      const ten = Date.parse('2026-01-05T10:00:00Z');
      assert.deepEqual(await told(db), [
        ['maintenance.started', 'patches', ten],
        ['maintenance.ended', 'patches', ten + HOUR_MS],
      ]);
    });

    test('nothing is told before the manifest is known', async (t) => {
      const [db, clock] = [await open(t), new FakeClock('2026-01-05T10:30:00Z')];
      await processOn(db, clock).announcer.announce();

      await processOn(db, clock, { isKnown: false }).announcer.announce();

      assert.deepEqual(await namesTold(db), ['maintenance.started']);
    });

    test('a window that is taken out of the manifest ends when that is noticed', async (t) => {
      const [db, clock] = [await open(t), new FakeClock('2026-01-05T10:30:00Z')];
      const { announcer, book } = processOn(db, clock);
      await announcer.announce();

      book.apply([], MONITORS);
      await clock.advance(MINUTE_MS);
      await announcer.announce();

      assert.deepEqual((await told(db)).at(-1), ['maintenance.ended', 'patches', clock.now()]);
    });

    test('a window by hand is seen by other processes, and told of once', async (t) => {
      const [db, clock] = [await open(t), new FakeClock()];
      const [one, other] = [processOn(db, clock), processOn(db, clock)];

      const begun = await one.desk.start({ ...WORK, until: clock.now() + HOUR_MS }, FOR_REAL);
      await other.announcer.announce();
      const seen = other.book.calendar().openFor('db', clock.now());
      await clock.advance(HOUR_MS + SECOND_MS);
      await Promise.all([one.announcer.announce(), other.announcer.announce()]);

      assert.equal(seen?.window, begun.window);
      assert.deepEqual(
        (await told(db)).filter(([, window]) => window === begun.window),
        [
          ['maintenance.started', begun.window, begun.startsAt],
          ['maintenance.ended', begun.window, begun.endsAt],
        ],
      );
    });

    test('of two who end it at once one does, and it is told once', async (t) => {
      const [db, clock] = [await open(t), new FakeClock()];
      const { desk } = processOn(db, clock);
      const { window } = await desk.start({ ...WORK, until: null }, FOR_REAL);
      await clock.advance(MINUTE_MS);

      const ended = await Promise.allSettled([desk.end(window, FOR_REAL), desk.end(window, FOR_REAL)]);

      assert.deepEqual(ended.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
      assert.deepEqual(await namesTold(db), ['maintenance.started', 'maintenance.ended']);
    });

    test('facts name what is open and what begins soon', async (t) => {
      const [db, clock] = [await open(t), new FakeClock()];
      const { desk } = processOn(db, clock);
      await desk.pause('api', { until: null, reason: 'tired', startedBy: 'ada' }, FOR_REAL);

      const [soon, later] = [await desk.facts.windows(59 * MINUTE_MS), await desk.facts.windows(HOUR_MS)];

      assert.deepEqual(
        soon.map(({ title, isOpen, pausesChecks, endsAt }) => [title, isOpen, pausesChecks, endsAt]),
        [['api is paused', true, true, null]],
      );
      assert.deepEqual(later.map(({ window, isOpen }) => [window, isOpen]).at(-1), ['patches', false]);
      assert.ok(later.every((fact) => !('reason' in fact)));
    });

    test('once it is resumed a monitor rests no more, and may be paused again', async (t) => {
      const [db, clock] = [await open(t), new FakeClock()];
      const { desk, book } = processOn(db, clock);
      const wish = { until: null, reason: null, startedBy: 'ada' };
      await desk.pause('api', wish, FOR_REAL);
      await clock.advance(MINUTE_MS);

      await desk.resume('api', FOR_REAL);
      const rests = book.calendar().openFor('api', clock.now());
      const again = await desk.pause('api', wish, FOR_REAL);

      assert.equal(rests, null);
      assert.equal(book.calendar().openFor('api', clock.now())?.window, again.window);
    });
  });
}

/** What one process is made of. */
function processOn(db: Database, clock: FakeClock, { isKnown = true } = {}) {
  const deps = { db, clock, environment: 'live' };
  const book = createBook({ ...deps, onChange: () => undefined });
  if (isKnown) book.apply(plannedWindowsOf(AT_TEN), MONITORS);
  const announcer = createAnnouncer({ ...deps, log: silentLog, book });
  const monitors = () => MONITORS.map(({ name }) => name);
  return { book, announcer, desk: createMaintenanceDesk({ ...deps, ids: createSystemIds(clock), book, monitors }) };
}

async function told(db: Database) {
  const { events } = await readOutbox(db, START, 100);
  return events.flatMap((event) =>
    event.name === 'maintenance.started' || event.name === 'maintenance.ended'
      ? [[event.name, event.payload.window, event.payload.at]]
      : [],
  );
}

async function namesTold(db: Database) {
  return (await told(db)).map(([name]) => name);
}
