import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR_MS } from '../../kernel/clock.ts';
import { createCalendar } from './calendar.ts';
import { startsByCron } from './cron-starts.ts';
import type { HandWindow } from './hand-window.ts';
import type { PlannedWindow } from './planned-window.ts';
import { startsOnce } from './planned-window.ts';

const NOON = Date.parse('2026-12-01T12:00:00Z');
const MONITORS = [
  { name: 'db', dependsOn: [] },
  { name: 'api', dependsOn: ['db'] },
  { name: 'web', dependsOn: ['api'] },
  { name: 'mail', dependsOn: [] },
];

test('a window is open from its beginning on, and no more at its end', () => {
  const calendar = createCalendar([planned({ starts: startsOnce(NOON), forMs: HOUR_MS })], [], MONITORS);

  const open = [NOON - 1, NOON, NOON + HOUR_MS - 1, NOON + HOUR_MS].map((at) => calendar.openFor('db', at)?.window);

  assert.deepEqual(open, [undefined, 'work', 'work', undefined]);
});

test('some window is open when one is open for anybody', () => {
  const once = { starts: startsOnce(NOON), forMs: HOUR_MS };
  const calendar = createCalendar([planned(once)], [], MONITORS);
  const aboutNobody = createCalendar([planned({ ...once, monitors: ['gone'] })], [], MONITORS);

  const instants = [NOON - 1, NOON, NOON + HOUR_MS - 1, NOON + HOUR_MS];

  assert.deepEqual(
    instants.map((at) => calendar.isAnyOpen(at)),
    [false, true, true, false],
  );
  assert.equal(aboutNobody.isAnyOpen(NOON), false);
});

test('a window is about what it names, and with its dependents about whatever needs that', () => {
  const alone = createCalendar([planned({ monitors: ['db'] })], [], MONITORS);
  const withOthers = createCalendar([planned({ monitors: ['db'], coversDependents: true })], [], MONITORS);
  const everything = createCalendar([planned({ monitors: null })], [], MONITORS);

  const covered = [alone, withOthers, everything].map((each) => each.windows(NOON, NOON + 1)[0]?.monitors);

  assert.deepEqual(covered, [['db'], ['db', 'api', 'web'], ['db', 'api', 'web', 'mail']]);
  assert.deepEqual([alone.openFor('api', NOON), withOthers.openFor('web', NOON)?.window], [null, 'work']);
});

test('of several the one that ends last counts, and checks rest when any of them says so', () => {
  const pause = byHand({ until: NOON + HOUR_MS / 2, pausesChecks: true });
  const endless = byHand({ id: 'mnt_2', until: null });
  const work = planned({ forMs: HOUR_MS });

  const both = createCalendar([work], [pause], MONITORS).openFor('db', NOON);
  const all = createCalendar([work], [pause, endless], MONITORS).openFor('db', NOON);

  assert.deepEqual([both?.window, both?.pausesChecks, both?.until], ['work', true, NOON + HOUR_MS]);
  assert.deepEqual([all?.window, all?.pausesChecks, all?.until], ['mnt_2', true, null]);
});

test('a window that was ended by hand is over then, whatever was announced', () => {
  const calendar = createCalendar([], [byHand({ until: NOON + HOUR_MS, endedAt: NOON + 60_000 })], MONITORS);

  assert.equal(calendar.openFor('db', NOON + 59_999)?.until, NOON + 60_000);
  assert.equal(calendar.openFor('db', NOON + 60_000), null);
});

test('the next change is the next beginning or end of anything', () => {
  const daily = planned({ starts: startsByCron('0 12 * * *', 'UTC'), forMs: 2 * HOUR_MS });
  const calendar = createCalendar([daily], [byHand({ from: NOON + HOUR_MS, until: NOON + 3 * HOUR_MS })], MONITORS);

  const changes = [];
  let at: number | null = NOON - HOUR_MS;
  for (let count = 0; count < 5 && at !== null; count += 1) {
    at = calendar.nextChange(at);
    changes.push(at === null ? null : (at - NOON) / HOUR_MS);
  }

  assert.deepEqual(changes, [0, 1, 2, 3, 24]);
});

test('when nothing is to come there is no next change', () => {
  const calendar = createCalendar([planned({})], [byHand({ until: null })], MONITORS);

  assert.deepEqual([calendar.nextChange(NOON + HOUR_MS), createCalendar([], [], []).nextChange(NOON)], [null, null]);
});

test('windows are listed as often as they come, also one that has begun before', () => {
  const daily = planned({ starts: startsByCron('0 12 * * *', 'UTC'), forMs: 2 * HOUR_MS });
  const calendar = createCalendar([daily], [byHand({ from: NOON + HOUR_MS, until: null })], MONITORS);

  const listed = calendar.windows(NOON + HOUR_MS, NOON + 48 * HOUR_MS + 1);

  const told = listed.map(({ window, from }) => `${window} ${(from - NOON) / HOUR_MS}`);
  assert.deepEqual(told, ['work 0', 'mnt_1 1', 'work 24', 'work 48']);
});

function planned(own: Partial<PlannedWindow>): PlannedWindow {
  const starts = startsOnce(NOON);
  return { name: 'work', title: 'Work', monitors: ['db'], coversDependents: false, starts, forMs: HOUR_MS, ...own };
}

function byHand(own: Partial<HandWindow>): HandWindow {
  const rest = { title: 'Rest', monitors: ['db'], pausesChecks: false, startedBy: 'ada', endedAt: null, reason: null };
  return { id: 'mnt_1', from: NOON, until: null, ...rest, ...own };
}
