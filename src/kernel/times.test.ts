import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { timeOfDay, timeOfWeek, timeZone } from './times.ts';

describe('a time of day', () => {
  for (const [text, minutes] of [
    ['00:00', 0],
    ['02:30', 150],
    ['23:59', 1439],
  ] as const) {
    test(`${text} is minute ${minutes}`, () => assert.deepEqual(timeOfDay().parse(text), { minutes }));
  }

  for (const text of ['24:00', '2:30', '02:60', '02:30:00', 'noon', '']) {
    test(`"${text}" is none`, () => assert.equal(timeOfDay().safeParse(text).success, false));
  }
});

describe('a time of the week', () => {
  test('counts days from Monday', () => {
    assert.deepEqual(timeOfWeek().parse('Mon 09:00'), { weekday: 1, minutes: 540 });
    assert.deepEqual(timeOfWeek().parse('Sun 00:05'), { weekday: 7, minutes: 5 });
  });

  for (const text of ['Monday 09:00', 'mon 09:00', 'Mon 9:00', 'Mon', '09:00']) {
    test(`"${text}" is none`, () => assert.equal(timeOfWeek().safeParse(text).success, false));
  }
});

describe('a time zone', () => {
  for (const text of ['Europe/Berlin', 'America/Argentina/Buenos_Aires', 'UTC']) {
    test(`${text} is one`, () => assert.equal(timeZone().parse(text), text));
  }

  for (const text of ['Berlin', '+01:00', 'europe/berlin', 'Mars/Base', '']) {
    test(`"${text}" is none`, () => assert.equal(timeZone().safeParse(text).success, false));
  }
});
