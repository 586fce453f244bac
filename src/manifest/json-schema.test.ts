import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { SAMPLE } from '../../test/support/manifests.ts';
import { manifestJsonSchema } from './index.ts';

const schema = await manifestJsonSchema();
// Ajv comes with Fastify, speaks draft-07 and is what editors use or resemble.
const validate = new Ajv({ allErrors: true, validateFormats: false, strict: false }).compile(schema);

describe('the schema for editors', () => {
  test('is draft-07, which is what editors read', () => {
    assert.match(String(schema['$schema']), /draft-07/);
    assert.doesNotMatch(JSON.stringify(schema), /"\$defs"|"prefixItems"|"unevaluatedProperties"/);
  });

  test('accepts the sample of the design, unfilled', () => {
    assert.ok(validate(parse(SAMPLE)), JSON.stringify(validate.errors));
  });

  test('describes every key', () => {
    assert.deepEqual(undescribed(schema), []);
  });

  const right: readonly (readonly [what: string, text: string])[] = [
    ['a reference for a number', 'app: a\nservices: { w: { confirm: "${N}" } }'],
    ['a reference for a boolean', 'app: a\nservices: { w: { backup: "${B}" } }'],
    ['a reference for a duration', 'app: a\nservices: { w: { every: "${EVERY:-30s}" } }'],
    ['a reference for a word of a list', 'app: a\ndeploy: { target: "${TARGET}" }'],
    ['keys for other tools', 'app: a\nx-usual: { anything: [1] }'],
    ['an alias of an environment', 'app: a\nenvironments: { production: {}, dev: null }'],
  ];
  for (const [what, text] of right) {
    test(`accepts ${what}`, () => assert.ok(validate(parse(text)), JSON.stringify(validate.errors)));
  }

  const wrong: readonly (readonly [what: string, text: string])[] = [
    ['a missing app', 'services: {}'],
    ['an unknown key', 'app: a\nservices: { w: { helth: /h } }'],
    ['an unknown key at the top', 'app: a\nmonitor: {}'],
    ['a duration in words', 'app: a\nservices: { w: { every: 30 seconds } }'],
    ['a wrong type', 'app: a\nservices: [w]'],
    ['a word that is not in the list', 'app: a\ndeploy: { target: moon }'],
    ['an environment nobody knows', 'app: a\nenvironments: { prodution: {} }'],
    ['a monitor without a type', 'app: a\nmonitors: { m: { every: 30s } }'],
    ['a percentage without its sign', 'app: a\ndeploy: { target: docker, steps: [10] }'],
  ];
  for (const [what, text] of wrong) test(`refuses ${what}`, () => assert.ok(!validate(parse(text))));
});

function undescribed(node: unknown, path = ''): readonly string[] {
  if (typeof node !== 'object' || node === null) return [];
  const properties = 'properties' in node && typeof node.properties === 'object' ? (node.properties ?? {}) : {};
  const missing = Object.entries(properties).flatMap(([key, value]) =>
    typeof value.description === 'string' ? [] : [`${path}.${key}`],
  );
  return [...missing, ...Object.entries(node).flatMap(([key, value]) => undescribed(value, `${path}.${key}`))];
}
