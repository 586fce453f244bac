import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from '../src/faces/cli/styled.ts';
import { thresholdTable } from '../src/faces/cli/threshold-table.ts';
import { crossedView, thresholdView } from '../src/faces/http/threshold-views.ts';
import { limitWords } from '../src/monitoring/thresholds/limit-words.ts';
import { rulesOf } from '../src/monitoring/thresholds/rules-of.ts';
import { PRESETS } from '../src/monitoring/thresholds/standard.ts';
import { thresholdsView } from './support/api-answers.ts';
import { aCrossing } from './support/area-facts.ts';
import { blocksOf, commandsIn, readDocument } from './support/documents.ts';
import { runFakeCli } from './support/fake-cli.ts';
import { FakeClock } from './support/fake-clock.ts';
import { loadedText } from './support/manifests.ts';

const guide = readDocument('docs/guides/thresholds.md');
const standard = PRESETS.standard;

test('the guide lists the standard as it is: reading, limits, levels and runbooks', () => {
  const rows = [...guide.matchAll(/^\| `(?<cells>.*)` \|$/gm)].map(({ groups }) => groups?.['cells']);

  assert.deepEqual(
    rows,
    standard.map((rule) => {
      const limits = rule.steps.map((step) => limitWords(rule, step).replace('>', 'above')).join('; ');
      const levels = rule.steps.map(({ level }) => level).join('; ');
      return `${rule.name}\` | \`${rule.reading}\` | ${limits} | ${levels} | \`${rule.runbook}`;
    }),
  );
});

test('the rules in the guide are understood beside what they name', async () => {
  const [written = ''] = blocksOf(guide, 'yaml');

  const { manifest } = await loadedText(`app: shop\nservices: { host: { url: "tcp://host:22" } }\n${written}`);

  const rules = rulesOf(manifest.thresholds ?? {});
  assert.deepEqual(
    rules.map(({ name }) => name),
    ['high-error-rate', 'high-cpu', 'high-memory', 'db-pool', 'disk-space', 'queue'],
  );
});

test('the list in the guide is what the command prints', () => {
  const [shown = ''] = blocksOf(guide, 'text');
  const clock = new FakeClock('2026-11-20T09:42:00Z');

  const lines = thresholdTable(standard.map(thresholdView), [crossedView(aCrossing())], { clock, columns: null });

  assert.equal(shown, lines.map((line) => `${render(line, false)}\n`).join(''));
});

for (const command of commandsIn(guide)) {
  test(`\`${command}\` works as the guide says`, async () => {
    const answers = { 'GET /api/v1/thresholds': thresholdsView() };

    const run = await runFakeCli(command.split(' ').slice(1), { answers });

    assert.deepEqual([run.code, run.err], [0, '']);
  });
}
