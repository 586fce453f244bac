import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Secret } from '../kernel/secret.ts';
import { parseDotenv } from '../manifest/index.ts';
import { addressText } from './address-text.ts';
import { dotenvWith } from './dotenv-text.ts';
import { createVariables } from './variables.ts';
import { TextWithSecrets } from './written.ts';

const addresses: readonly (readonly [string, string])[] = [
  ['https://shop.example/', 'https://shop.example/'],
  ['redis://:hush@cache.example:6379', 'redis://:${KUMA_A_PASSWORD}@cache.example:6379'],
  ['postgres://app:h/u@s:h@db.example/shop', 'postgres://app:h/u@s:h@db.example/shop'],
  ['postgres://app:h%2Fu@s:h@db.example/shop', 'postgres://app:${KUMA_A_PASSWORD}@db.example/shop'],
  ['https://a.example/?q=1&token=hush&x=2', 'https://a.example/?q=1&token=${KUMA_A_TOKEN}&x=2'],
  ['https://a:hush@b.example/?api_key=hush#x', 'https://a:${KUMA_A_PASSWORD}@b.example/?api_key=${KUMA_A_API_KEY}#x'],
  ['https://a.example/${X}', 'https://a.example/$${X}'],
];

for (const [address, written] of addresses) {
  test(`${address} is written ${written}`, () => {
    assert.equal(createVariables('kuma').settle(addressText(address), 'a'), written);
  });
}

test('nothing of an address is lost, whatever it says', () => {
  fc.assert(
    fc.property(fc.oneof(fc.webUrl({ withQueryParameters: true }), fc.string()), (address) => {
      const text = addressText(address);
      const whole =
        text instanceof TextWithSecrets
          ? text.parts.map((part) => (part instanceof Secret ? part.reveal() : part)).join('')
          : text;
      assert.equal(whole, address);
    }),
  );
});

test('what is put into .env can be read from it, and what stood there still can', () => {
  const value = fc.oneof(fc.string(), fc.constantFrom("it's", 'a#b', 'two\nlines', `'"\\`, ' spaced ', '$HOME ${X}'));
  const variables = createVariables('kuma');
  fc.assert(
    fc.property(value, (text) => {
      const [, name = ''] = /\$\{(\w+)\}/.exec(JSON.stringify(variables.settle(secretOf(text), 'a'))) ?? [];
      const secret = variables.all().get(name);
      assert.ok(secret);
      const read = parseDotenv(dotenvWith('MINE=1', 'Uptime Kuma', new Map([[name, secret]])));

      assert.deepEqual([read.get(name), read.get('MINE')], [text, '1']);
    }),
  );
});

function secretOf(text: string) {
  return new TextWithSecrets([new Secret(text, 'password')]);
}
