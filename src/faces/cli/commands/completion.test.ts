import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { runFakeCli } from '../../../../test/support/fake-cli.ts';
import { SHELLS } from '../completion-script.ts';
import { commands } from './index.ts';

const catalogue = await commands.load();

for (const shell of SHELLS) {
  test(`the script for ${shell} knows every command and every option`, async () => {
    const { out, calls } = await runFakeCli(['completion', shell]);

    for (const { name, options } of catalogue.all) {
      for (const word of name.split(' ')) assert.match(out, new RegExp(`\\b${word}\\b`));
      for (const option of Object.keys(options)) {
        assert.match(out, new RegExp(option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)));
      }
    }
    assert.deepEqual(calls, []);
  });
}

const COMPLETIONS = [
  { typed: ['evenkeel', 'mon'], offers: 'monitor' },
  { typed: ['evenkeel', 'monitor', ''], offers: 'list show history run types set add remove pause resume' },
  { typed: ['evenkeel', 'monitor', 'list', '--j'], offers: '--json' },
  { typed: ['evenkeel', 'export', '--format', ''], offers: 'ndjson csv' },
  { typed: ['evenkeel', 'completion', ''], offers: 'bash zsh fish --help' },
];

for (const { typed, offers } of COMPLETIONS) {
  test(`bash offers "${offers}" after \`${typed.join(' ')}\``, async () => {
    const { out } = await runFakeCli(['completion', 'bash']);
    const ask = 'COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _evenkeel; echo "${COMPREPLY[*]}"';

    const bash = spawnSync('bash', ['-c', `${out}\n${ask}`, 'bash', ...typed], { encoding: 'utf8' });

    assert.deepEqual([bash.stdout, bash.stderr], [`${offers}\n`, '']);
  });
}
