import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { parse } from 'yaml';
import type * as z from 'zod';
import { monitorTypes } from './index.ts';

for (const type of await monitorTypes.loadAll()) {
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
  ['steps', { steps: [{ name: 'a', http: 'https://a:hush@shop.example/x?token=hush' }] }, 'shop.example/x (1 step)'],
  ['websocket', { websocket: 'wss://ada:hush@shop.example/live?token=hush' }, 'shop.example/live'],
  ['grpc', { grpc: 'users.example:50051' }, 'users.example:50051'],
  ['grpc', { grpc: 'grpcs://u:hush@users.example', service: 'shop.v1.Users' }, 'users.example:443 shop.v1.Users'],
  ['rabbitmq', { rabbitmq: 'amqps://app:hush@mq.example/shop' }, 'mq.example:5671'],
  ['nats', { nats: 'nats://hush@nats.example' }, 'nats.example:4222'],
  ['tls', { tls: 'shop.example' }, 'shop.example:443'],
  ['tls', { tls: '2001:db8::1' }, '[2001:db8::1]:443'],
  ['starttls', { starttls: 'smtp://ada:hush@mail.example' }, 'mail.example:587'],
  ['starttls', { starttls: 'smtp://mail.example:25' }, 'mail.example:25'],
  ['ssh', { ssh: 'shop.example' }, 'shop.example:22'],
  ['udp', { udp: 'game.example:27015', send: 'hush' }, 'game.example:27015'],
  ['domain', { domain: 'Shop.Example.' }, 'shop.example'],
  ['ping', { ping: 'router.example' }, 'router.example'],
  ['ntp', { ntp: 'time.example' }, 'time.example:123'],
  ['snmp', { snmp: 'switch.example', community: 'hush' }, 'switch.example:161 1.3.6.1.2.1.1.3.0'],
  ['ldap', { ldap: 'ldaps://ada:hush@directory.example' }, 'directory.example:636'],
  ['ldap', { ldap: 'ldap://directory.example' }, 'directory.example:389'],
  ['dns', { dns: 'shop.example', record: 'MX' }, 'shop.example MX'],
  ['dns', { dns: 'shop.example', server: '2001:db8::53' }, 'shop.example A at [2001:db8::53]:53'],
  ['host', { host: true, disks: ['/', '/var'] }, 'this machine (/, /var)'],
  ['systemd', { systemd: 'nginx.service' }, 'nginx.service on this machine'],
  ['log', { log: './logs/api.log' }, './logs/api.log'],
  ['metrics', { metrics: 'http://ada:hush@127.0.0.1:9090/metrics?key=hush', token: 'hush' }, '127.0.0.1:9090/metrics'],
  ['heartbeat', { heartbeat: '90s' }, 'every 1m30s'],
  ['group', { group: ['web', 'api', 'docs'] }, 'web, api and docs'],
  ['manual', { manual: true }, 'what people say'],
  ['heartbeat', { heartbeat: '0 3 * * *', zone: 'Europe/Berlin' }, '0 3 * * * (Europe/Berlin)'],
];

for (const [name, written, target] of targets) {
  test(`${name}: what is watched is shown as ${target}`, () => {
    const type = monitorTypes.get(name);

    assert.equal(type.target(type.settings.parse(written)), target);
  });
}

const PEM = '-----BEGIN CERTIFICATE-----\nhush\n-----END CERTIFICATE-----';
const KEY = '-----BEGIN EC PRIVATE KEY-----\nhush\n-----END EC PRIVATE KEY-----';
const OAUTH = { token_url: 'https://login.example/token?k=hush', client_id: 'probe', client_secret: 'hush' };

const secrets: readonly (readonly [string, object])[] = [
  ['http', { http: 'https://h', auth: { basic: { user: 'a', password: 'hush' } }, authority: PEM }],
  ['http', { http: 'https://h', auth: { oauth: OAUTH }, client_certificate: { certificate: PEM, key: KEY } }],
  ['http', { http: 'https://h', auth: { bearer: 'hush' }, proxy: 'socks5://u:hush@proxy.example:1080' }],
  ['http', { http: 'https://a:hush@h/?k=hush', headers: { Authorization: 'Bearer hush' }, body: 'hush' }],
  ['steps', { steps: [{ name: 'a', http: 'https://a:hush@h/?k=hush', headers: { A: 'hush' }, body: 'hush' }] }],
  ['keyword', { keyword: 'https://a:hush@h/?k=hush', lacks: 'x', proxy: 'http://u:hush@p', body: 'hush' }],
  ['json', { json: 'https://h/?k=hush', path: 'a', exists: true, auth: { bearer: 'hush' } }],
  ['postgres', { postgres: 'postgres://app:hush@db.example/shop' }],
  ['redis', { redis: 'redis://:hush@cache.example/0' }],
  ['websocket', { websocket: 'wss://a:hush@h/?k=hush', headers: { Authorization: 'hush' }, send: 'hush' }],
  ['grpc', { grpc: 'grpcs://a:hush@h', metadata: { authorization: 'hush' } }],
  ['rabbitmq', { rabbitmq: 'amqp://app:hush@h/' }],
  ['nats', { nats: 'nats://hush@h' }],
  ['metrics', { metrics: 'https://a:hush@h/?k=hush', token: 'hush' }],
  ['tcp', { tcp: 'a.example:1', send: 'hush' }],
  ['udp', { udp: 'a.example:1', send: 'hush' }],
  ['starttls', { starttls: 'smtp://a:hush@mail.example' }],
  ['snmp', { snmp: 'a.example', user: 'a', password: 'hush-hush', privacy_password: 'hush-hush' }],
  ['snmp', { snmp: 'a.example', community: 'hush' }],
  ['ldap', { ldap: 'ldap://a:hush@h', user: 'cn=a', password: 'hush' }],
  ['heartbeat', { heartbeat: '5m', key: 'hush-hush' }],
];

for (const [name, written] of secrets) {
  test(`${name}: settings show no secret when they are printed or logged`, () => {
    const settings = monitorTypes.get(name).settings.parse(written);

    assert.doesNotMatch(`${inspect(settings, { depth: 9 })}${JSON.stringify(settings)}`, /hush/);
  });
}

const LOGIN = { name: 'log in', http: 'https://shop.example/login', keep: { token: '[BODY].token' } };
const CART = { name: 'cart', http: 'https://shop.example/cart' };

const refused: readonly (readonly [string, object, RegExp])[] = [
  ['http', { http: 'shop.example/hush' }, /Expected a whole web address/],
  ['http', { http: 'ftp://shop.example/hush' }, /Expected a whole web address/],
  ['http', { http: 'https://shop.example', header: {} }, /header/],
  ['http', { http: 'https://shop.example', headers: { 'a b': 'x' } }, /Invalid key/],
  ['http', { http: 'https://shop.example', headers: { a: 'x\r\nb: hush' } }, /Expected a single line/],
  ['http', { http: 'https://shop.example', expect: [] }, /expected array to have >=1/],
  ['http', { http: 'https://shop.example', expect: ['[STATUS] is 200'] }, /Expected one of == != /],
  ['http', { http: 'https://shop.example', expect: { degraded: ['[DNS_RCODE] == NOERROR'] } }, /is not known here/],
  ['http', { http: 'https://shop.example', expect: ['[BODY].a == [CONTEXT].a'] }, /\[CONTEXT\] is not known here/],
  ['http', { http: 'https://shop.example', rdap: 'rdap.org' }, /Expected a whole web address/],
  ['steps', { steps: [] }, /expected array to have >=1/],
  ['steps', { steps: [{ name: 'a', http: 'https://[CONTEXT].host/' }] }, /Expected a whole web address/],
  ['steps', { steps: [{ name: 'a', http: 'https://shop.example:[CONTEXT].port/' }] }, /Expected a whole web address/],
  ['steps', { steps: [{ name: 'a', http: 'https://shop.example/[CONTEXT].id' }] }, /No earlier step keeps id/],
  ['steps', { steps: [LOGIN, { ...CART, headers: { A: '[CONTEXT].tokem' } }] }, /Did you mean "token"\?/],
  ['steps', { steps: [LOGIN, { ...CART, body: '{"a": "[CONTEXT].x"}' }] }, /keeps x; kept until here: token\./],
  ['steps', { steps: [LOGIN, { ...CART, expect: ['[BODY].x == [CONTEXT].y'] }] }, /No earlier step keeps y/],
  ['steps', { steps: [CART, LOGIN, { ...LOGIN }] }, /There is a step log in already/],
  ['steps', { steps: [{ ...LOGIN, keep: { token: '[IP]' } }] }, /\[IP\] cannot be kept/],
  ['steps', { steps: [{ ...LOGIN, keep: { 'a b': '[BODY]' } }] }, /Invalid key/],
  ['steps', { steps: [{ ...LOGIN, keep: { token: '[BDY].x' } }] }, /Did you mean \[BODY\]\?/],
  ['http', { http: 'https://h', auth: {} }, /exactly one of/],
  ['http', { http: 'https://h', auth: { bearer: 'hush', oauth: OAUTH } }, /exactly one of/],
  ['http', { http: 'https://h', auth: { bearer: 'hush hush' } }, /Expected a token without spaces/],
  ['http', { http: 'https://h', auth: { basic: { user: 'a:hush', password: 'b' } } }, /without a colon/],
  ['http', { http: 'https://h', auth: { bearer: 'hush' }, headers: { AUTHORIZATION: 'hush' } }, /is set already/],
  ['http', { http: 'https://a:hush@h', auth: { bearer: 'hush' } }, /has credentials already/],
  ['http', { http: 'http://h', authority: PEM }, /Only https has certificates/],
  ['http', { http: 'http://h', client_certificate: { certificate: PEM, key: KEY } }, /Only https has certificates/],
  ['http', { http: 'https://h', authority: 'hush' }, /Expected PEM/],
  ['http', { http: 'https://h', client_certificate: { certificate: KEY, key: PEM } }, /-----BEGIN PRIVATE KEY/],
  [
    'http',
    { http: 'https://h', client_certificate: { certificate: PEM, key: '-----BEGIN ENCRYPTED PRIVATE KEY-----hush' } },
    /without a passphrase/,
  ],
  ['http', { http: 'https://h', ip: 5 }, /Expected 4 or 6/],
  ['http', { http: 'https://h', ip: 6, proxy: 'http://proxy.example' }, /the proxy chooses/],
  ['http', { http: 'https://h', proxy: 'proxy.example:hush' }, /Expected the address of a proxy/],
  ['steps', { steps: [{ ...LOGIN, auth: { bearer: '[CONTEXT].nothing' } }] }, /No earlier step keeps nothing/],
  ['keyword', { keyword: 'https://h' }, /Expected `contains`, `lacks` or both/],
  ['keyword', { keyword: 'https://h', contains: [] }, /Too small/],
  ['keyword', { keyword: 'https://h', lacks: '' }, /not empty/],
  ['keyword', { keyword: 'http://h', lacks: 'x', authority: PEM }, /Only https/],
  ['json', { json: 'https://h', path: 'a' }, /exactly one of/],
  ['json', { json: 'https://h', path: 'a', above: 1, below: 2 }, /exactly one of/],
  ['json', { json: 'https://h', path: 'a b', above: 1 }, /Expected the path of a value/],
  ['json', { json: 'https://h', path: '[BODY]', exists: true }, /Expected the path of a value/],
  ['json', { json: 'https://h', path: '[STATUS]', exists: true }, /Expected the path of a value/],
  ['json', { json: 'https://h', path: 'a', equals: ['hush'] }, /Invalid input/],
  ['tcp', { tcp: 'mail.example' }, /Expected host:port/],
  ['tcp', { tcp: 'mail.example:25', expect: ['[STATUS] == 200'] }, /\[STATUS\] is not known here/],
  ['postgres', { postgres: 'mysql://app:hush@db/shop' }, /Expected an address with a host/],
  ['redis', { redis: 'cache.example:6379' }, /Expected an address with a host/],
  ['websocket', { websocket: 'https://a:hush@h/' }, /Expected an address with a host/],
  ['websocket', { websocket: 'ws://h', headers: { a: 'x\r\nb: hush' } }, /Expected a single line/],
  ['grpc', { grpc: 'https://hush@users.example' }, /Expected host:port/],
  ['grpc', { grpc: 'h:1', metadata: { 'grpc-timeout': 'hush' } }, /Invalid key/],
  ['dns', { dns: 'shop..example' }, /Expected a name in ASCII/],
  ['dns', { dns: 'shop.example', server: 'https://ns.example' }, /Expected a server/],
  ['host', { host: 'web1' }, /expected true/],
  ['host', { host: true, disks: ['var'] }, /Expected an absolute path/],
  ['log', { log: 'a.log', error: '(a+)+' }, /cannot hold another one/],
  ['metrics', { metrics: '127.0.0.1:9090/hush' }, /Expected a whole web address/],
  ['metrics', { metrics: 'http://h', token: 'hush hush' }, /Expected a token without spaces/],
  ['metrics', { metrics: 'http://h', read: { 'Error rate': 'a' } }, /Invalid key/],
];

for (const [name, written, complaint] of refused) {
  test(`${name}: refuses ${JSON.stringify(written)}`, () => {
    const { error } = monitorTypes.get(name).settings.safeParse(written);

    const said = saidIn(error?.issues ?? []);
    assert.match(said, complaint);
    assert.doesNotMatch(said, /hush/);
  });
}

/** Every message, those of the branches of a union too. */
function saidIn(issues: readonly z.core.$ZodIssue[]): string {
  return issues
    .flatMap((issue) => [issue.message, ...(issue.code === 'invalid_union' ? issue.errors.map(saidIn) : [])])
    .join(' ');
}
