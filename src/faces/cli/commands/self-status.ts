import type { ManifestView } from '../../http/contract.ts';
import { amount } from '../amount.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { fields } from '../fields.ts';
import { JSON_FLAG } from '../options.ts';
import { bad, bold, good, warning } from '../styled.ts';
import { instantWords, roughly } from '../time-words.ts';

export const selfStatus = defineCommand({
  name: 'self status',
  kind: 'read',
  summary: 'The running Evenkeel: version, data, memory, manifest.',
  description: 'What to look at, or to send along, when Evenkeel itself behaves oddly. Holds no secret.',
  options: { json: JSON_FLAG },
  exitStatus: {},
  examples: ['evenkeel self status', 'evenkeel self status --json | jq .self.memoryBytes'],

  async run({ json }, context) {
    const [self, manifest] = await Promise.all([
      context.api.call('GET /api/v1/self'),
      context.api.call('GET /api/v1/manifest'),
    ]);
    if (json) {
      context.json({ self, manifest });
      return EXIT.ok;
    }
    context.out(bold(`Evenkeel ${self.version}`));
    const rows = fields({
      running: `for ${roughly(self.uptimeMs)}, since ${instantWords(self.startedAt)}, process ${self.processId}`,
      environment: self.environment,
      data: `${self.engine}, ${self.dataFolder}`,
      memory: `${Math.round(self.memoryBytes / 1_000_000)} MB`,
      node: `${self.node} on ${self.platform}`,
      manifest: manifestWords(manifest),
      applied: manifest.appliedAt === null ? null : instantWords(manifest.appliedAt),
      files: manifest.files.length === 0 ? null : manifest.files.join(', '),
    });
    for (const each of rows) context.out(each);
    return EXIT.ok;
  },
});

function manifestWords({ isLoaded, rejected, services, monitors, warnings }: ManifestView) {
  if (rejected !== null) {
    return bad(`✗ the newest was refused (${amount(rejected.problems.length, 'problem')}): run \`evenkeel check\``);
  }
  if (!isLoaded) return warning('! none yet: run `evenkeel init`');
  const about = `${amount(services, 'service')}, ${amount(monitors, 'monitor')}`;
  return warnings.length === 0 ? good('✓ ', about) : warning('! ', about, `, ${amount(warnings.length, 'warning')}`);
}
