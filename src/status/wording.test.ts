import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFormats } from './formats.ts';
import type { Overall } from './overall.ts';
import { floorPercent } from './summary.ts';
import { wordingOf } from './wording.ts';

const HOUR = 3_600_000;
const en = wordingOf('en');

function anOverall(overall: Partial<Overall>): Overall {
  return { level: 'working', names: [], others: [], isRestWorking: true, causes: [], since: null, ...overall };
}

const SENTENCES: readonly (readonly [Partial<Overall>, string, string])[] = [
  [
    { level: 'empty', isRestWorking: false },
    'Nothing is shown here yet',
    'As soon as services are watched, their state stands here.',
  ],
  [
    { level: 'starting', names: ['Web', 'API'], isRestWorking: false },
    'We have just started to look',
    'Watching Web and API. The first results arrive in a moment.',
  ],
  [{ level: 'partial', names: ['API'] }, 'API is not working', 'Everything else is working.'],
  [{ level: 'partial', names: ['Web', 'API'] }, 'Web and API are not working', 'Everything else is working.'],
  [{ level: 'partial', names: ['A', 'B', 'C', 'D'] }, '4 services are not working', 'Everything else is working.'],
  [{ level: 'down', names: ['Web'], isRestWorking: false }, 'Web is not working', ''],
  [{ level: 'down', names: ['Web', 'API'], isRestWorking: false }, 'Nothing is working right now', ''],
  [
    { level: 'degraded', names: ['Web'] },
    'Web is not working well',
    'Slower or less reliable than usual, but it can be used. Everything else is working.',
  ],
  [{ level: 'maintenance', names: ['Mail'] }, 'Mail is under maintenance', 'Everything else is working.'],
  [{ level: 'unknown', names: ['API'] }, 'No current data for API', 'Everything else is working.'],
  [{ level: 'unknown', names: ['A', 'B'], isRestWorking: false }, 'We cannot see the current state', ''],
  [
    {
      level: 'partial',
      names: ['Web'],
      causes: [{ kind: 'internal' }],
      others: [{ state: 'degraded', names: ['Mail'] }],
    },
    'Web is not working',
    'This comes from a problem with an internal dependency. Mail is not working well. Everything else is working.',
  ],
  [
    { level: 'partial', names: ['Web'], causes: [{ kind: 'component', name: 'Sign-in' }], isRestWorking: false },
    'Web is not working',
    'This comes from a problem with Sign-in.',
  ],
];

for (const [overall, sentence, details] of SENTENCES) {
  test(`visitors read: ${sentence}. ${details} [STA-01/R]`, () => {
    const said = en.now(anOverall(overall));

    assert.equal(said.sentence, sentence);
    assert.equal(said.details.join(' '), details);
  });
}

test('all working is one sentence', () => {
  assert.equal(en.now(anOverall({ isRestWorking: false })).sentence, 'Everything is working');
});

const PERCENTS: readonly (readonly [number, number])[] = [
  [1, 100],
  [0.999_999_999, 99.99],
  [0.99995, 99.99],
  [0.9998, 99.98],
  [0.5, 50],
  [0.000_001, 0],
  [0, 0],
];

for (const [ratio, percent] of PERCENTS) {
  test(`a ratio of ${ratio} is ${percent}%: cut, never rounded up [STA-09/R]`, () => {
    assert.equal(floorPercent(ratio), percent);
  });
}

const DURATIONS: readonly (readonly [number, string])[] = [
  [0, '1 sec'],
  [400, '1 sec'],
  [59_000, '59 secs'],
  [61_000, '1 min'],
  [17 * 60_000, '17 mins'],
  [59.7 * 60_000, '1 hr'],
  [77 * 60_000, '1 hr, 17 mins'],
  [26 * HOUR, '1 day, 2 hrs'],
];

for (const [ms, text] of DURATIONS) {
  test(`${ms} ms are "${text}"`, () => {
    assert.equal(en.formats.duration(ms), text);
  });
}

test('times are UTC and carry their day when it is another one', () => {
  const formats = createFormats('en-GB');
  const at = Date.parse('2026-11-20T14:04:00Z');

  assert.equal(formats.time(at, at + HOUR), '14:04 UTC');
  assert.equal(formats.time(at, at + 24 * HOUR), '20 Nov, 14:04 UTC');
});

test('the uptime of a component that was measured in part says of how much it speaks [STA-09/R]', () => {
  const uptime = { ratio: 0.9998, coverage: 0.62, measuredSince: null };

  assert.equal(en.percent(uptime), '99.98%');
  assert.equal(en.coverage(uptime), 'Measured 62% of the time');
  assert.equal(en.coverage({ ...uptime, measuredSince: Date.parse('2026-10-12') }), 'Measured since 12 Oct');
  assert.equal(en.coverage({ ...uptime, coverage: 0.001 }), 'Measured less than 1% of the time');
  assert.equal(en.coverage({ ...uptime, coverage: 1 }), null);
  assert.equal(en.percent({ ...uptime, ratio: null }), null);
});

test('each language speaks its own way [STA-06/R]', () => {
  const overall = anOverall({ level: 'partial', names: ['Web', 'API'] });

  assert.equal(wordingOf('de').now(overall).sentence, 'Web und API funktionieren nicht');
  assert.match(wordingOf('ar').now(overall).sentence, /لا تعملان حاليًا/);
  assert.equal(wordingOf('ar').direction, 'rtl');
  assert.equal(wordingOf('de').percent({ ratio: 0.9998, coverage: 1, measuredSince: null }), '99,98\u00a0%');
});
