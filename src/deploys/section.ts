import * as z from 'zod';
import { ENVIRONMENT_ALIASES, ENVIRONMENTS } from '../contracts/app-model.ts';
import type { ManifestSection } from '../contracts/manifest-section.ts';
import { DAY_MS, MINUTE_MS } from '../kernel/clock.ts';
import { duration } from '../kernel/duration.ts';

const TARGETS = ['docker', 'compose', 'kubernetes'] as const;
const STRATEGIES = ['recreate', 'rolling', 'blue-green', 'canary'] as const;

const Percentage = z
  .string('Expected a percentage in quotes, such as "10%".')
  .regex(/^(?:100|[1-9]\d?)%$/, 'Expected a percentage from "1%" to "100%".')
  .transform((text) => Number.parseInt(text, 10));

const Steps = z
  .array(Percentage)
  .min(1)
  .max(20)
  .refine((steps) => steps.every((step, index) => index === 0 || step > (steps[index - 1] ?? 0)), {
    message: 'Expected each step to be larger than the one before.',
  })
  .refine((steps) => steps.at(-1) === 100, 'Expected the last step to be "100%".')
  .describe('The share of visitors that meets the new release, step by step, e.g. ["10%", "50%", "100%"].');

const Rule = z
  .strictObject({
    on: z
      .string()
      .regex(/^(?:tag|manual|branch:[\w./-]+)$/, 'Expected tag, manual, or a branch such as branch:develop.')
      .optional()
      .describe('What starts a deploy: `tag`, `manual`, or a branch such as `branch:develop`.'),
    approval: z.int().min(0).max(10).optional().describe('How many people must agree before it starts.'),
  })
  .describe('What holds for this environment alone.');

const names = [...ENVIRONMENTS, ...Object.keys(ENVIRONMENT_ALIASES)];

const Deploy = z
  .strictObject({
    target: z.enum(TARGETS).describe('Where the application runs.'),
    strategy: z.enum(STRATEGIES).default('rolling').describe('How a new release takes over from the old one.'),
    steps: Steps.optional(),
    watch: duration({ minMs: MINUTE_MS, maxMs: 7 * DAY_MS })
      .optional()
      .describe('How long a new release is watched before it counts as good.'),
    ...Object.fromEntries(names.map((name) => [name, Rule.optional()])),
  })
  .refine(({ steps, strategy }) => steps === undefined || strategy === 'canary', {
    path: ['steps'],
    message: 'Only the strategy canary goes in steps.',
  });

/** How releases reach their environments. Read and checked by this version; nothing is deployed yet. */
export const deploysSection = {
  topLevel: { deploy: Deploy.optional().describe('How a release reaches its environments.') },
  service: {},
  actsLater: ['deploy'],
} satisfies ManifestSection<z.ZodRawShape, z.ZodRawShape>;
