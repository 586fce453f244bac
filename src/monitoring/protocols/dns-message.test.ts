import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DnsUnreadable, decodeAnswer, encodeQuestion, isAnswerTo, type Question } from './dns-message.ts';
import { RECORD_TYPES, type RecordType } from './dns-records.ts';

const QUESTION: Question = { id: 0x1234, name: 'shop.example', type: 'A' };
const TYPES = Object.keys(RECORD_TYPES) as RecordType[];

/** The question sent back with `records` behind it, each with a pointer to the name asked for. */
function answerOf(records: readonly Buffer[], type: RecordType = 'A', flags = 0x8180): Buffer {
  const question = encodeQuestion({ ...QUESTION, type });
  const head = Buffer.from(question.subarray(0, 12));
  head.writeUInt16BE(flags, 2);
  head.writeUInt16BE(records.length, 6);
  head.writeUInt16BE(0, 10);
  const asked = question.subarray(12, question.length - 11);
  const wrapped = records.map((data) => {
    const start = Buffer.from([0xc0, 12, 0, 0, 0, 1, 0, 0, 0, 60, 0, 0]);
    start.writeUInt16BE(RECORD_TYPES[type], 2);
    start.writeUInt16BE(data.length, 10);
    return Buffer.concat([start, data]);
  });
  return Buffer.concat([head, asked, ...wrapped]);
}

test('an IPv6 address has its shortest spelling', () => {
  const address = Buffer.from('20010db8000000000000000000000001', 'hex');

  assert.deepEqual(decodeAnswer(answerOf([address], 'AAAA'), 'AAAA').answers, ['2001:db8::1']);
});

test('answers are in order, whatever order the server has them in', () => {
  const answers = [Buffer.from([192, 0, 2, 9]), Buffer.from([192, 0, 2, 1])];

  assert.deepEqual(decodeAnswer(answerOf(answers), 'A').answers, ['192.0.2.1', '192.0.2.9']);
});

test('a text in pieces is one, and shows what cannot be seen as a number', () => {
  const text = Buffer.from([2, 0x61, 0x07, 1, 0x62]);

  assert.deepEqual(decodeAnswer(answerOf([text], 'TXT'), 'TXT').answers, [String.raw`a\007b`]);
});

test('a name that is asked for in capitals is answered in any case', () => {
  assert.equal(isAnswerTo({ ...QUESTION, name: 'SHOP.example' }, answerOf([])), true);
});

const STRANGERS: Readonly<Record<string, Buffer>> = {
  'with another id': Buffer.concat([Buffer.from([0, 1]), answerOf([]).subarray(2)]),
  'to another type': answerOf([], 'AAAA'),
  'to another name': Buffer.from(answerOf([]).toString('latin1').replace('shop', 'shot'), 'latin1'),
  'that is a question': answerOf([], 'A', 0x0100),
  'that is an update': answerOf([], 'A', 0xa980),
  'without its question': answerOf([]).subarray(0, 12),
  'of nothing': Buffer.alloc(0),
};

for (const [name, message] of Object.entries(STRANGERS)) {
  test(`a message ${name} is no answer to ours`, () => assert.equal(isAnswerTo(QUESTION, message), false));
}

const loop = Buffer.from([0xc0, 46]);

const UNREADABLE: Readonly<Record<string, Buffer>> = {
  'a name that leads to itself': answerOf([Buffer.from([0xc0, 42])], 'CNAME'),
  'a name that leads on': answerOf([Buffer.concat([loop, Buffer.from([1, 0x61, 0])])], 'CNAME'),
  'a label of a form that does not exist': answerOf([Buffer.from([0x40, 0x61, 0])], 'CNAME'),
  'a name of 300 bytes': answerOf(
    [Buffer.concat([...Array.from({ length: 150 }, () => Buffer.from([1, 0x61])), Buffer.from([0])])],
    'CNAME',
  ),
  'an address of three bytes': answerOf([Buffer.from([1, 2, 3])]),
  'an address of five bytes': answerOf([Buffer.from([1, 2, 3, 4, 5])]),
  'a record that goes beyond the end': answerOf([Buffer.from([1, 2, 3, 4])]).subarray(0, -1),
  'a text that goes beyond its record': answerOf([Buffer.from([9, 0x61])], 'TXT'),
};

for (const [name, message] of Object.entries(UNREADABLE)) {
  test(`${name} cannot be read`, () => {
    const type = TYPES.find((each) => message.includes(Buffer.from([0xc0, 12, 0, RECORD_TYPES[each] % 256]))) ?? 'A';

    assert.throws(() => decodeAnswer(message, type), DnsUnreadable);
  });
}

test('whatever comes is read to an end or refused, never anything else', () => {
  const damaged = fc
    .tuple(
      fc.constantFrom(...TYPES),
      fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 5 }),
      fc.uint8Array({ maxLength: 30 }),
      fc.nat(120),
    )
    .map(([type, records, noise, at]) => {
      const message = answerOf(
        records.map((data) => Buffer.from(data)),
        type,
      );
      message.set(noise.subarray(0, Math.max(0, message.length - at)), Math.min(at, message.length));
      return message;
    });
  const anything = fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes));

  fc.assert(
    fc.property(fc.oneof(damaged, anything), fc.constantFrom(...TYPES), (message, type) => {
      isAnswerTo(QUESTION, message);
      try {
        const { answers } = decodeAnswer(message, type);
        for (const answer of answers) assert.match(answer, /^[\u0020-\u007e]*$/);
      } catch (error) {
        assert.ok(error instanceof DnsUnreadable);
      }
    }),
    { numRuns: 5_000 },
  );
});
