import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { createClientOf } from './client-address.ts';

const requestFrom = (remoteAddress: string, forwarded?: string) =>
  ({
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  }) as unknown as IncomingMessage;

for (const [what, trusted, remote, forwarded, expected] of [
  ['nobody is trusted', [], '198.51.100.1', '203.0.113.7', '198.51.100.1'],
  ['the proxy is trusted', ['10.0.0.0/8'], '10.1.2.3', '203.0.113.7', '203.0.113.7'],
  ['the proxy reaches us over IPv6', ['10.0.0.0/8'], '::ffff:10.1.2.3', '203.0.113.7', '203.0.113.7'],
  ['the client made up a hop', ['10.0.0.0/8'], '10.1.2.3', '1.1.1.1, 203.0.113.7', '203.0.113.7'],
  ['two proxies are trusted', ['10.0.0.0/8'], '10.1.2.3', '203.0.113.7, 10.9.9.9', '203.0.113.7'],
  ['a stranger claims a hop', ['10.0.0.0/8'], '198.51.100.1', '10.1.1.1', '198.51.100.1'],
  ['a proxy writes the port too', ['10.0.0.0/8'], '10.1.2.3', '1.1.1.1, 203.0.113.7:51234', '203.0.113.7'],
  ['a proxy writes it behind IPv6', ['10.0.0.0/8'], '10.1.2.3', '[2001:db8::7]:51234', '2001:db8::'],
  ['the header is nonsense', ['10.0.0.0/8'], '10.1.2.3', 'unknown', '10.1.2.3'],
  ['the header is missing', ['10.0.0.0/8'], '10.1.2.3', undefined, '10.1.2.3'],
  ['all hops are proxies', ['10.0.0.0/8'], '10.1.2.3', '10.4.4.4', '10.4.4.4'],
  ['an IPv6 client is its network', ['::1'], '::1', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::'],
] as const) {
  test(`when ${what}, the client is ${expected}`, () => {
    assert.equal(createClientOf(trusted)(requestFrom(remote, forwarded)), expected);
  });
}

for (const entry of ['', 'proxy.example', '10.0.0.0/', '10.0.0.0/33', '10.0.0.0/8/8', '::1/129', '*']) {
  test(`"${entry}" is refused as a trusted proxy`, () => {
    assert.throws(() => createClientOf([entry]), { code: 'HTTP_PROXY_INVALID' });
  });
}
