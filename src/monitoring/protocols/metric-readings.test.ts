import assert from 'node:assert/strict';
import { test } from 'node:test';
import { samplesIn } from './exposition.ts';
import { type Reading, readerFor } from './metric-readings.ts';
import { selector } from './metric-selector.ts';

const of = (text: string) => selector().parse(text);
const ERRORS: Reading = { kind: 'rate', rate: of('req{status=~"5.."}'), of: of('req') };
const P50: Reading = { kind: 'quantile', quantile: 0.5, of: of('took_seconds') };

/** What is read of each scrape, ten seconds apart. */
function readAll(reading: Reading, texts: readonly string[], eventsMin = 1) {
  const read = readerFor(reading, eventsMin);
  return texts.map((text, index) => {
    const lines = samplesIn(Buffer.from(text), () => true, { seriesMax: 100, lineBytesMax: 100 });
    return read({ samples: [...lines].flatMap((sample) => sample ?? []), at: index * 10_000 });
  });
}

const requests = (fine: number, failed?: number) =>
  `req{status="200"} ${fine}\n${failed === undefined ? '' : `req{status="503"} ${failed}\n`}`;

test('a share is made of what came since the last look', () => {
  assert.deepEqual(readAll(ERRORS, [requests(100, 50), requests(103, 51), requests(113, 51)]), [undefined, 0.25, 0]);
});

test('errors that are counted for the first time count', () => {
  assert.deepEqual(readAll(ERRORS, [requests(100), requests(103, 1)]), [undefined, 0.25]);
});

test('without traffic there is no share, and no zero either', () => {
  assert.deepEqual(readAll(ERRORS, [requests(100, 50), requests(100, 50), '', requests(1, 1)]).slice(1, 3), [
    undefined,
    undefined,
  ]);
});

test('a service that begins anew counts from nothing', () => {
  assert.deepEqual(readAll(ERRORS, [requests(1_000, 100), requests(6, 2)]), [undefined, 0.25]);
});

test('few events are counted on until they are enough, over a restart too', () => {
  const texts = [requests(100, 50), requests(104, 51), requests(3, 1), requests(4, 2)];

  assert.deepEqual(readAll(ERRORS, texts, 11), [undefined, undefined, undefined, 3 / 11]);
});

test('series that have other names at each look are not remembered for ever', () => {
  const read = readerFor(ERRORS, 10, 100);
  const req = (id: string, value: number) => ({ name: 'req', labels: new Map([['id', id]]), value });
  const many = (look: number) => Array.from({ length: 60 }, (_, index) => req(`${look} ${index}`, 0));

  assert.equal(read({ samples: [req('a', 0)], at: 0 }), undefined);
  assert.equal(read({ samples: [req('a', 9)], at: 1 }), undefined);
  for (let look = 2; look < 5; look += 1)
    assert.equal(read({ samples: [req('a', 9), ...many(look)], at: look }), undefined);

  // The nine of before have been forgotten with all the rest.
  assert.equal(read({ samples: [req('a', 18)], at: 5 }), undefined);
});

test('what is no number is passed over', () => {
  assert.deepEqual(readAll(ERRORS, [requests(1, Number.NaN), requests(4, Number.NaN)]), [undefined, 0]);
  assert.deepEqual(readAll({ kind: 'sum', of: of('a') }, ['a NaN', 'a{b="c"} +Inf\na 2', 'b 1']), [
    undefined,
    2,
    undefined,
  ]);
});

test('a rate that is no share is by the second, of all series together', () => {
  const reading: Reading = { kind: 'rate', rate: of('jobs_total') };

  assert.deepEqual(
    readAll(reading, ['jobs_total{q="a"} 5\njobs_total{q="b"} 5', 'jobs_total{q="a"} 15\njobs_total{q="b"} 25', 'x 1']),
    [undefined, 3, undefined],
  );
});

test('values are summed up or the greatest, and seconds become milliseconds unless they are a date', () => {
  const text = 'lag_seconds{q="a"} 2\nlag_seconds{q="b"} 0.5\nstart_timestamp_seconds 3\n';

  assert.deepEqual(readAll({ kind: 'sum', of: of('lag_seconds') }, [text]), [2_500]);
  assert.deepEqual(readAll({ kind: 'max', of: of('lag_seconds') }, [text]), [2_000]);
  assert.deepEqual(readAll({ kind: 'sum', of: of('start_timestamp_seconds') }, [text]), [3]);
});

const buckets = (...counts: readonly number[]) =>
  ['0.1', '0.5', '1', '+Inf'].map((le, index) => `took_seconds_bucket{le="${le}"} ${counts[index]}\n`).join('');

const QUANTILES: readonly (readonly [string, string, number | undefined])[] = [
  ['lies within its bucket as far as its rank says', buckets(0, 4, 8, 8), 500],
  ['begins at nothing', buckets(8, 8, 8, 8), 50],
  ['beyond the last end is at it', buckets(0, 0, 0, 8), 1_000],
  ['does not exist without events', buckets(0, 0, 0, 0), undefined],
  ['is not misled by counts that were read while they moved', buckets(3, 2, 8, 8), 600],
];

for (const [name, text, value] of QUANTILES) {
  test(`a quantile ${name}`, () => assert.deepEqual(readAll(P50, [buckets(0, 0, 0, 0), text]), [undefined, value]));
}
