import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret } from '../../kernel/secret.ts';
import { createLog } from './pino-log.ts';

test('tells of an error what a reader needs, with its causes, and nothing that hangs on it', () => {
  const { log, lines } = recorded();
  const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
  const error = Object.assign(new Error('no connection', { cause }), {
    client: { secretKey: 4711 },
    input: 'p4ssword',
  });

  log.error('The database is away.', { error });

  const [{ error: told }] = lines();
  assert.deepEqual(Object.keys(told), ['name', 'message', 'stack', 'cause']);
  assert.deepEqual([told.message, told.cause.code, told.cause.message], ['no connection', 'ECONNREFUSED', 'refused']);
});

test('reads what only looks like an error like one', () => {
  const { log, lines } = recorded();

  log.error('The job engine complains.', { error: { message: 'no queue', queue: 'nightly', client: {} } });

  assert.deepEqual(lines()[0].error, { message: 'no queue' });
});

test('tells of every error that was gathered into one', () => {
  const { log, lines } = recorded();

  log.error('All ways failed.', { error: new AggregateError([new Error('v4'), new Error('v6')], 'both') });

  assert.deepEqual(
    lines()[0].error.errors.map(({ message }: Error) => message),
    ['v4', 'v6'],
  );
});

test('ends where causes go round in a circle', () => {
  const { log, lines } = recorded();
  const error = new Error('chicken');
  error.cause = new Error('egg', { cause: error });

  log.error('Who was first?', { error });

  assert.equal(lines()[0].error.cause.message, 'egg');
});

test('writes a secret as its name, also in text', () => {
  for (const format of ['json', 'text'] as const) {
    const { log, text } = recorded(format);

    log.info('Connecting.', { url: new Secret('postgres://u:p4ssword@db', '${DATABASE_URL}') });

    assert.match(text(), /\[\$\{DATABASE_URL\}\]/);
    assert.doesNotMatch(text(), /p4ssword/);
  }
});

function recorded(format: 'json' | 'text' = 'json') {
  const written: string[] = [];
  const log = createLog({ level: 'info', format, write: (line) => void written.push(line) });
  return { log, text: () => written.join(''), lines: () => written.map((line) => JSON.parse(line)) };
}
