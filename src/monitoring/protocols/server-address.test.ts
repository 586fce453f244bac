import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret } from '../../kernel/secret.ts';
import { parseHostAndPort, printHostAndPort, serverAddressOf, serverUrl } from './server-address.ts';

const PAIRS: Readonly<Record<string, readonly [string, number] | undefined>> = {
  'db.example:5432': ['db.example', 5432],
  '127.0.0.1:1': ['127.0.0.1', 1],
  '[::1]:65535': ['::1', 65_535],
  'db.example': undefined,
  'db.example:0': undefined,
  'db.example:65536': undefined,
  ':5432': undefined,
  '::1:5432': undefined,
  'tcp://db.example:5432': undefined,
  'user@db.example:5432': undefined,
  'db .example:5432': undefined,
};

for (const [text, expected] of Object.entries(PAIRS)) {
  test(`"${text}" is ${expected === undefined ? 'no' : 'a'} host with a port`, () => {
    const target = parseHostAndPort(text);

    assert.deepEqual(target, expected && { host: expected[0], port: expected[1] });
    if (target !== undefined) assert.equal(printHostAndPort(target), text);
  });
}

test('an address is taken apart, escapes and all', () => {
  const url = new Secret('postgres://us%40er:p%3Aa%2Fs@[::1]/my%20db?sslmode=require');

  const { parameters, ...address } = serverAddressOf(url, 5432);

  assert.deepEqual(address, {
    scheme: 'postgres',
    host: '::1',
    port: 5432,
    user: 'us@er',
    password: 'p:a/s',
    path: 'my db',
  });
  assert.equal(parameters.get('sslmode'), 'require');
});

test('a lone per cent sign in a password means itself', () => {
  assert.equal(serverAddressOf(new Secret('redis://:100%@h'), 1).password, '100%');
});

test('other addresses are refused without showing them', () => {
  const schema = serverUrl({ schemes: ['redis', 'rediss'], example: 'redis://cache.example' });
  for (const text of ['', 'redis:', 'redis:///0', 'http://hush@cache.example', 'cache.example:6379']) {
    const { error } = schema.safeParse(text);
    assert.deepEqual(
      error?.issues.map(({ message }) => message),
      ['Expected an address with a host that begins with redis:, rediss:, such as redis://cache.example.'],
    );
  }
});
