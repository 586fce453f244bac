import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as z from 'zod';
import { wordIssue } from './issue-wording.ts';
import { explainIssues } from './schema-findings.ts';
import { toData } from './tree.ts';
import { parseYaml } from './yaml-tree.ts';

const common = { every: z.string().optional() };
const Monitor = z.union([
  z.strictObject({ http: z.string(), expect: z.array(z.string()).optional(), ...common }),
  z.strictObject({ tcp: z.string(), tls: z.boolean().optional(), ...common }),
  z.strictObject({ heartbeat: z.string(), grace: z.string().optional(), ...common }),
]);
const Limit = z
  .strictObject({ above: z.number().optional(), below: z.number().optional(), runbook: z.string() })
  .refine(({ above, below }) => (above === undefined) !== (below === undefined), 'Expected `above` or `below`.');
const Schema = z.strictObject({
  monitors: z.record(z.string(), Monitor).optional(),
  confirm: z.union([z.int(), z.strictObject({ down: z.int(), up: z.int() })]).optional(),
  was: z.union([z.string(), z.array(z.string())]).optional(),
  size: z.string().max(3).optional(),
  state: z.literal('on').optional(),
  limits: z
    .object({ preset: z.string().optional() })
    .catchall(z.union([z.literal('off'), Limit]))
    .optional(),
});

describe('what the author meant', () => {
  const cases: readonly (readonly [what: string, text: string, said: readonly string[]])[] = [
    [
      'is said by the key of the type',
      'monitors: { a: { tcp: 1, expct: [] } }',
      [
        '1:23 monitors.a.tcp: expected a text; found 1.',
        '1:26 monitors.a.expct is not a known key. Known here: every, tcp, tls.',
      ],
    ],
    [
      'decides which keys are suggested',
      'monitors: { a: { http: x, expct: [] } }',
      ['1:27 monitors.a.expct is not a known key. Did you mean "expect"?'],
    ],
    [
      'is guessed when that key is mistyped',
      'monitors: { a: { htpp: x, every: 1m } }',
      ['1:18 monitors.a.htpp is not a known key. Did you mean "http"?'],
    ],
    [
      'is asked for when there is no such key',
      'monitors: { a: { every: 1m } }',
      ['1:13 monitors.a: expected one of the keys http, tcp, heartbeat.'],
    ],
    [
      'is told from a habit of other tools',
      'monitors: { a: { type: http, url: x } }',
      ['1:13 monitors.a: expected one of the keys http, tcp, heartbeat. Write `http: …` instead of `type: http`.'],
    ],
    [
      'is asked for when there are two',
      'monitors: { a: { http: x, tcp: y } }',
      ['1:13 monitors.a: http and tcp cannot stand together; only one of them can be meant.'],
    ],
    [
      'is never several things at once',
      'monitors: { a: web }',
      ['1:16 monitors.a: expected keys such as `name: value`; found web.'],
    ],
    [
      'is said by the kind of value',
      'confirm: { down: two }',
      ['1:18 confirm.down: expected a number; found two.', '1:1 confirm.up is missing: expected a number.'],
    ],
    [
      'is a number when no keys stand there',
      'confirm: two',
      ['1:10 confirm: expected a number, or keys such as `name: value`; found two.'],
    ],
    ['is a list when a list stands there', 'was: [1]', ['1:7 was[0]: expected a text; found 1.']],
    [
      'is nothing that was offered',
      'was: { a: 1 }',
      ['1:6 was: expected a text, or a list such as [a, b]; found keys.'],
    ],
    [
      'is said by the kind of value among names that anybody may choose',
      'limits: { disk: { above: x }, cpu: of }',
      [
        '1:26 limits.disk.above: expected a number; found x.',
        '1:11 limits.disk.runbook is missing: expected a text.',
        '1:36 limits.cpu: expected off; found of. Did you mean "off"?',
      ],
    ],
    [
      'and of a rule about several keys only the rule is said',
      'limits: { disk: { runbook: disk } }',
      ['1:17 limits.disk: expected `above` or `below`.'],
    ],
    ['has a size', 'size: "four"', ['1:7 size: expected at most 3 characters; found "four".']],
    ['is one word', 'state: off', ['1:8 state: expected on; found off.']],
    [
      'is an address, of which only the host is repeated',
      'state: https://hooks.example/services/hush?key=hush',
      ['1:8 state: expected on; found https://hooks.example/….'],
    ],
    [
      'is an address whose password should have been encoded',
      'state: redis://app:hu/sh@hush@cache:6379/0',
      ['1:8 state: expected on; found redis://app:••••••••••@cache:6379/….'],
    ],
  ];
  for (const [what, text, said] of cases) {
    test(what, () => assert.deepEqual(explain(text), said));
  }

  function explain(text: string): readonly string[] {
    const parsed = parseYaml('f', text);
    assert.ok(parsed.outcome === 'parsed');
    const answer = Schema.safeParse(toData(parsed.tree), { error: wordIssue });
    return explainIssues(answer.error?.issues ?? [], Schema, parsed.tree).map(({ finding }) => {
      const { place, message, hint } = finding;
      return [`${place.line}:${place.column}`, message, hint].filter(Boolean).join(' ');
    });
  }
});
