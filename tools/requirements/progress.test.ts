import assert from 'node:assert/strict';
import { test } from 'node:test';
import { progressOf } from './progress.ts';
import type { Proof } from './reporter.ts';
import { claimsIn, REQUIREMENTS, type Requirement } from './requirement.ts';
import { statusPage } from './status-page.ts';

const HEALTH: Requirement = { id: 'HLT-02', capability: 'Health', kinds: 'RU', text: 'One | word each' };
const PAGE: Requirement = { id: 'STA-01', capability: 'Page', kinds: 'R', text: 'A page' };

function proof(claim: string, { passed = true, file = 'test/a.test.ts' } = {}): Proof {
  return { claim, passed, file, test: `it works [${claim}]` };
}

test('a name may claim several requirements, at its end or within', () => {
  assert.deepEqual(claimsIn('answers [HLT-02/R] and [STA-01/D]'), ['HLT-02/R', 'STA-01/D']);
  assert.deepEqual(claimsIn('parses [a-z], [HLT-2/R] and HLT-02/R'), []);
});

test('a requirement is done when every kind it names has a passing test', () => {
  const [health, page] = progressOf([HEALTH, PAGE], [proof('HLT-02/R'), proof('STA-01/R')]);

  assert.equal(health?.state, 'begun');
  assert.deepEqual(health.missing, ['U']);
  assert.equal(page?.state, 'done');
});

test('one failing test outweighs every passing one of the same claim', () => {
  const [page] = progressOf([PAGE], [proof('STA-01/R'), proof('STA-01/R', { passed: false })]);

  assert.equal(page?.state, 'open');
});

test('a claim that no requirement asks for is an error, not a gift', () => {
  assert.throws(() => progressOf([HEALTH], [proof('HLT-02/D')]), /No requirement asks for HLT-02\/D/);
  assert.throws(() => progressOf([HEALTH], [proof('HLT-99/R')]), /No requirement asks for HLT-99\/R/);
});

test('the page says what is proven where, what is missing, and is the same whatever the order of results', () => {
  const proofs = [proof('HLT-02/R', { file: 'test/b.test.ts' }), proof('HLT-02/R'), proof('STA-01/R')];
  const page = statusPage(progressOf([HEALTH, PAGE], proofs));

  assert.match(page, /\*\*1 of 2 requirements are done\*\*, 1 more are begun/);
  assert.match(page, /\| HLT-02 \| One \\\| word each \| R: \[a\]\(\.\.\/test\/a\.test\.ts\), \[b\]\(.+?\) \| U \|/);
  assert.match(page, /\| Page \| 1 \| 0 \| 0 \| 1 \|/);
  assert.equal(statusPage(progressOf([HEALTH, PAGE], proofs.toReversed())), page);
});

test('there are 309 requirements, each with an id of its own and kinds we know', () => {
  assert.equal(REQUIREMENTS.length, 309);
  assert.equal(new Set(REQUIREMENTS.map(({ id }) => id)).size, 309);
  for (const { id, kinds } of REQUIREMENTS) assert.match(`${id} ${kinds}`, /^[A-Z][A-Z\d]{2}-\d\d R?A?U?D?$/);
});
