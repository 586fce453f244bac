import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret } from '../../kernel/secret.ts';
import { printSmtpAddress, smtpAddressOf, smtpTarget } from './address.ts';

function addressOf(url: string) {
  return smtpAddressOf(new Secret(url));
}

test('an address is taken apart, with the port that its scheme has', () => {
  assert.deepEqual(addressOf('smtp://ada%40shop.example:p%3A%2F%25@mail.shop.example'), {
    host: 'mail.shop.example',
    port: 587,
    user: 'ada@shop.example',
    password: 'p:/%',
    isTls: false,
    isLoopback: false,
  });
  assert.equal(addressOf('smtps://mail.shop.example').port, 465);
  assert.equal(addressOf('smtp://mail.shop.example:2525').port, 2525);
  assert.equal(addressOf('smtp://a%:b@mail.shop.example').user, 'a%');
  assert.equal(printSmtpAddress(addressOf('smtp://[2001:db8::1]:25')), '[2001:db8::1]:25');
});

test('only what is sure to be this machine is taken for it', () => {
  for (const host of ['localhost', 'LOCALHOST', '127.0.0.1', '127.9.9.9', '[::1]']) {
    assert.equal(addressOf(`smtp://${host}`).isLoopback, true, host);
  }
  for (const host of ['localhost.example', '127.0.0.1.example', 'mail', '10.0.0.1', '[::2]', 'my-localhost']) {
    assert.equal(addressOf(`smtp://${host}`).isLoopback, false, host);
  }
});

test('smtps is encrypted from the first byte, and only this machine need not prove who it is', () => {
  assert.deepEqual(smtpTarget(addressOf('smtps://m.example')), { host: 'm.example', port: 465, tls: 'verified' });
  assert.deepEqual(smtpTarget(addressOf('smtps://[::1]:1')), { host: '::1', port: 1, tls: 'unverified' });
  assert.deepEqual(smtpTarget(addressOf('smtp://m.example:25')), { host: 'm.example', port: 25 });
});
