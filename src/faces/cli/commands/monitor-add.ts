import { parse } from 'yaml';
import { formatDuration } from '../../../kernel/duration.ts';
import { defineCommand } from '../command.ts';
import { errors } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { argument, DRY_RUN_FLAG, durationOption, JSON_FLAG, texts } from '../options.ts';
import { bold, dim, good, line } from '../styled.ts';

export const monitorAdd = defineCommand({
  name: 'monitor add',
  kind: 'change',
  summary: 'Watch something more, without opening an editor.',
  description: [
    'It is written into a file of its own in evenkeel.d/, beside the manifest, so that it can be reviewed and committed like anything else. It is checked first, and refused with its mistakes.',
    'From elsewhere, with a token, only addresses of the internet can be added: what is inside your network is described in evenkeel.yaml.',
  ].join('\n'),
  arguments: {
    monitor: argument('What it shall be called.'),
    type: argument('The monitor type, e.g. http; `evenkeel monitor types` lists them.'),
    target: argument('What to watch: the main setting of that type.'),
  },
  options: {
    every: durationOption('duration', 'How often to check, e.g. 30s. Default: 60s.'),
    timeout: durationOption('duration', 'How long a check may take, e.g. 5s. Default: 10s.'),
    expect: texts('condition', 'What has to hold, e.g. "[STATUS] == 200"; may be given several times.'),
    set: texts('key=value', 'Any other setting of the type; may be given several times.'),
    dryRun: DRY_RUN_FLAG,
    json: JSON_FLAG,
  },
  exitStatus: { 0: 'It is watched.', 2: 'It is not right as it is.', 5: 'There is one of that name.' },
  examples: [
    'evenkeel monitor add checkout http https://shop.example/checkout --every 30s --expect "[STATUS] == 200"',
    'evenkeel monitor add mail tcp mail.shop.example:25 --dry-run',
  ],

  async run({ monitor: name, type, target, every, timeout, expect, set, dryRun, json }, { api, out, ...terminal }) {
    const entry = {
      // `host: true` has no text for a target.
      [type]: target === 'true' ? true : target,
      ...(every === undefined ? {} : { every: formatDuration(every) }),
      ...(timeout === undefined ? {} : { timeout: formatDuration(timeout) }),
      ...(expect.length === 0 ? {} : { expect }),
      ...Object.fromEntries(set.map(settingOf)),
    };
    const answer = await api.call('POST /api/v1/monitors', { name, entry, ...(dryRun ? { dryRun } : {}) });
    if (json) terminal.json(answer);
    else {
      out(
        dryRun ? line`Would write ${bold(answer.file)}:` : line`${good('✓')} ${bold(name)} is watched: ${answer.file}`,
      );
      for (const each of dryRun ? answer.text.trimEnd().split('\n') : []) out(line`  ${dim(each)}`);
    }
    return EXIT.ok;
  },
});

/** `follow_redirects=false` is a boolean, as it would be in the file. */
function settingOf(written: string): readonly [key: string, value: unknown] {
  const [, key, value] = /^(?<key>\w+)=(?<value>.*)$/s.exec(written) ?? [];
  if (key === undefined || value === undefined) throw notASetting(written);
  try {
    return [key, parse(value)];
  } catch {
    throw notASetting(written);
  }
}

function notASetting(written: string): Error {
  return errors.CLI_USAGE({
    problem: `--set ${written} is no setting.`,
    next: 'Write it as key=value, e.g. --set method=HEAD.',
  });
}
