import { importSources } from '../../../moving/index.ts';
import { defineCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { sendPast } from '../import-past.ts';
import { tellImport } from '../import-words.ts';
import type { ImportReport } from '../offline-import.ts';
import { argument, choiceArgument, DRY_RUN_FLAG, flag, JSON_FLAG } from '../options.ts';
import { problemView } from '../problem-lines.ts';

const [first = '', ...others] = importSources.types();
const TITLES = importSources.all().map(({ title }) => title);

export const importFrom = defineCommand({
  name: 'import',
  kind: 'change',
  summary: 'Move in: carry monitors, channels and maintenance over from another tool.',
  description: [
    `Reads what another tool had (${TITLES.join(', ')}), and writes it as one file of the manifest, evenkeel.d/imported-<source>.yaml. Everything found is listed: what is new, what is changed, what is left as it is, and what cannot be carried over and why.`,
    'It can be run again at any time: what is there already is not written twice, and what you edited since stays as you left it, unless --overwrite is given. Passwords, tokens and addresses of webhooks go to .env, which only you can read; the file names them as variables.',
    'With --history a running server also learns what was measured there, so that the uptime of past days stays known.',
  ].join('\n'),
  arguments: {
    source: choiceArgument([first, ...others], 'Where you come from.'),
    where: argument('Its file or address, e.g. data/kuma.db.'),
  },
  options: {
    overwrite: flag('Also write over what was edited since it was imported.'),
    history: flag('Also hand what was measured there to the running server.'),
    dryRun: DRY_RUN_FLAG,
    json: JSON_FLAG,
  },
  exitStatus: {
    0: 'Written, or there already; or shown with --dry-run.',
    2: 'The source cannot be read, or the manifest would have mistakes: nothing was written.',
    4: 'There is no manifest here yet.',
  },
  examples: [
    'evenkeel import kuma data/kuma.db --dry-run',
    'evenkeel import kuma data/kuma.db',
    'evenkeel import kuma data/kuma.db --history',
    'evenkeel import gatus config/config.yaml',
    'evenkeel import healthchecks https://healthchecks.io',
    'evenkeel import kuma data/kuma.db --json | jq \'.items[] | select(.outcome == "cannot")\'',
  ],

  async run({ source, where, overwrite, history, dryRun, json }, context) {
    const report = await context.offline.importFrom({ source, where, overwrites: overwrite, isDryRun: dryRun });
    const isRefused = report.problems.length > 0;
    if (!json) tellImport(report, { source, where, dryRun, isPastAsked: history }, context);
    const past = history && report.isWritten ? await sendPast({ source, where }, report, context) : null;
    if (json) tellAsJson(report, { dryRun, past }, context);
    return isRefused ? EXIT.invalid : EXIT.ok;
  },
});

function tellAsJson(
  report: ImportReport,
  { dryRun, past }: { readonly dryRun: boolean; readonly past: unknown },
  { json }: CliContext,
): void {
  json({ isDryRun: dryRun, ...report, problems: report.problems.map(problemView), past });
}
