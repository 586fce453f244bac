import * as z from 'zod';
import { DAY_MS } from '../../kernel/clock.ts';
import { duration } from '../../kernel/duration.ts';
import { limit } from './limit.ts';
import { LEVELS } from './rule.ts';
import { PRESETS, type PresetName } from './standard.ts';

const Limits = z.union([
  limit(),
  z.strictObject({
    warning: limit().describe('Beyond this, somebody should look when there is time.'),
    critical: limit().describe('Beyond this, somebody should look at once; farther than the limit for a warning.'),
  }),
]);
const HowLong = duration({ maxMs: DAY_MS });

const Rule = z
  .strictObject({
    reading: z
      .string()
      .min(1)
      .describe('What is measured: cpu, memory, disk, db_pool, p95, error_rate, or what a monitor says of itself.'),
    above: Limits.optional().describe(
      'The limit: "85%", 1s or 1000. Or one for each level: { warning: "80%", critical: "90%" }.',
    ),
    below: Limits.optional().describe('The same, where less is worse.'),
    for: z
      .union([
        HowLong,
        z.strictObject({
          warning: HowLong.describe('How long a value has to stand beyond the limit for a warning.'),
          critical: HowLong.describe('How long a value has to stand beyond the critical limit.'),
        }),
      ])
      .optional()
      .describe('How long it has to last. Without it, two measurements in a row.'),
    level: z.enum(LEVELS).optional().describe('What crossing it means, where there is one limit. Default warning.'),
    runbook: z
      .string()
      .regex(/^[\w./-]+$/, 'Expected the name of a runbook, such as disk-space.')
      .describe('What tells people what to do then. Every rule names one.'),
    monitors: z.array(z.string()).min(1).optional().describe('Whose readings. Default: of everybody who gives it.'),
  })
  .superRefine((rule, context) => {
    for (const message of mistakesIn(rule)) context.addIssue({ code: 'custom', message });
  })
  .describe('A limit for something that is measured.');

interface Written {
  readonly above?: z.output<typeof Limits> | undefined;
  readonly below?: z.output<typeof Limits> | undefined;
  readonly level?: unknown;
  readonly for?: unknown;
}

function mistakesIn(rule: Written): readonly string[] {
  const limits = rule.above ?? rule.below;
  if (limits === undefined || (rule.above !== undefined && rule.below !== undefined)) {
    return ['Expected either `above` or `below`.'];
  }
  if (!('value' in limits)) return mistakesInLevels(rule, limits);
  return typeof rule.for === 'object' ? ['Expected one duration, because there is one limit.'] : [];
}

function mistakesInLevels({ above, level }: Written, { warning, critical }: LimitOfEach): readonly string[] {
  const isFarther = above === undefined ? critical.value < warning.value : critical.value > warning.value;
  return [
    ...(warning.unit === critical.unit ? [] : ['Expected both limits in the same unit.']),
    ...(isFarther ? [] : ['Expected the critical limit beyond the one for a warning.']),
    ...(level === undefined ? [] : ['Expected no `level`, because each limit has its own.']),
  ];
}

type LimitOfEach = Exclude<z.output<typeof Limits>, { readonly value: number }>;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `Object.keys` has forgotten which keys there are
const PRESET_NAMES = Object.keys(PRESETS) as PresetName[];
const Off = z.union([z.literal('off'), z.literal(false)]);

/** `thresholds:` of the manifest; a rule with the name of one of the preset takes its place. */
export const Thresholds = z
  .object({
    preset: z
      .enum(PRESET_NAMES)
      .optional()
      .describe('The rules to begin with: standard, key-metrics, cost-policy or none. Default standard.'),
  })
  .catchall(z.union([Off, Rule]))
  .describe('Limits by name. `off` takes a rule of the preset away.');

export type ThresholdEntries = z.output<typeof Thresholds>;
export type RuleEntry = z.output<typeof Rule>;
