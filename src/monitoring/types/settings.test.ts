import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { parse } from 'yaml';
import { monitorTypes } from './index.ts';

for (const type of monitorTypes.all()) {
  test(`${type.type}: its example is accepted as it stands`, () => {
    const entries: Record<string, object> = parse(type.example);

    for (const entry of Object.values(entries)) assert.equal(type.settings.safeParse(entry).error, undefined);
  });

  test(`${type.type}: the key that carries the main setting has the name of the type and is required`, () => {
    assert.equal(type.settings.safeParse({}).success, false);
    assert.ok(type.type in type.settings.shape);
  });
}

const targets: readonly (readonly [string, object, string])[] = [
  ['http', { http: 'https://ada:hush@shop.example/health?token=hush#hush' }, 'shop.example/health'],
  ['http', { http: 'http://shop.example:8080' }, 'shop.example:8080'],
  ['http', { http: 'http://[::1]:8080/a' }, '[::1]:8080/a'],
  ['tcp', { tcp: '[::1]:25' }, '[::1]:25'],
  ['postgres', { postgres: 'postgres://app:hush@db.example/shop?password=hush' }, 'db.example:5432'],
  ['postgres', { postgres: 'postgis://db.example:6000/shop' }, 'db.example:6000'],
  ['redis', { redis: 'rediss://:hush@cache.example/0' }, 'cache.example:6379'],
  ['heartbeat', { heartbeat: '90s' }, 'every 1m30s'],
  ['heartbeat', { heartbeat: '0 3 * * *', zone: 'Europe/Berlin' }, '0 3 * * * (Europe/Berlin)'],
];

for (const [name, written, target] of targets) {
  test(`${name}: what is watched is shown as ${target}`, () => {
    const type = monitorTypes.get(name);

    assert.equal(type.target(type.settings.parse(written)), target);
  });
}

const secrets: readonly (readonly [string, object])[] = [
  ['http', { http: 'https://a:hush@h/?k=hush', headers: { Authorization: 'Bearer hush' }, body: 'hush' }],
  ['postgres', { postgres: 'postgres://app:hush@db.example/shop' }],
  ['redis', { redis: 'redis://:hush@cache.example/0' }],
];

for (const [name, written] of secrets) {
  test(`${name}: settings show no secret when they are printed or logged`, () => {
    const settings = monitorTypes.get(name).settings.parse(written);

    assert.doesNotMatch(`${inspect(settings, { depth: 9 })}${JSON.stringify(settings)}`, /hush/);
  });
}

const refused: readonly (readonly [string, object, RegExp])[] = [
  ['http', { http: 'shop.example/hush' }, /Expected a whole web address/],
  ['http', { http: 'ftp://shop.example/hush' }, /Expected a whole web address/],
  ['http', { http: 'https://shop.example', header: {} }, /header/],
  ['http', { http: 'https://shop.example', headers: { 'a b': 'x' } }, /Invalid key/],
  ['http', { http: 'https://shop.example', headers: { a: 'x\r\nb: hush' } }, /Expected a single line/],
  ['http', { http: 'https://shop.example', expect: [] }, /expected array to have >=1/],
  ['http', { http: 'https://shop.example', expect: ['[STATUS] is 200'] }, /Expected one of == != /],
  ['tcp', { tcp: 'mail.example' }, /Expected host:port/],
  ['tcp', { tcp: 'mail.example:25', expect: ['[STATUS] == 200'] }, /\[STATUS\] is not known here/],
  ['postgres', { postgres: 'mysql://app:hush@db/shop' }, /Expected an address with a host/],
  ['redis', { redis: 'cache.example:6379' }, /Expected an address with a host/],
];

for (const [name, written, complaint] of refused) {
  test(`${name}: refuses ${JSON.stringify(written)}`, () => {
    const { error } = monitorTypes.get(name).settings.safeParse(written);

    const said = error?.issues.map(({ message }) => message).join(' ') ?? '';
    assert.match(said, complaint);
    assert.doesNotMatch(said, /hush/);
  });
}
