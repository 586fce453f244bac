import * as z from 'zod';
import type { ManifestSection } from '../contracts/manifest-section.ts';
import { DAY_MS, SECOND_MS } from '../kernel/clock.ts';
import { duration } from '../kernel/duration.ts';
import { secretText } from '../kernel/secret-text.ts';
import { timeOfDay, timeOfWeek, timeZone } from '../kernel/times.ts';

const Names = z.array(z.string()).min(1, 'Expected at least one name.');

const Person = z
  .strictObject({
    email: z.email('Expected an e-mail address such as ada@shop.example.').optional().describe('Where mail goes.'),
    phone: secretText(z.string().regex(/^\+\d[\d ]{5,18}$/, 'Expected a phone number such as +49 30 1234567.'))
      .optional()
      .describe('For text messages and calls, with the country code.'),
    zone: timeZone().optional().describe('Where this person lives, e.g. Europe/Berlin: for times in messages.'),
  })
  .nullable()
  .transform((person) => person ?? {})
  .describe('Somebody who can be told.');

const zone = timeZone().describe('The time zone of the handoff, e.g. Europe/Berlin.');
const people = Names.describe('Who takes turns, in this order.');

const Rotation = z
  .union([
    z.strictObject({
      weekly: people,
      handoff: timeOfWeek().default({ weekday: 1, minutes: 540 }).describe('When a turn ends. Default Mon 09:00.'),
      zone,
    }),
    z.strictObject({
      daily: people,
      handoff: timeOfDay().default({ minutes: 540 }).describe('When a turn ends. Default 09:00.'),
      zone,
    }),
  ])
  .describe('A duty that people take in turns.');

const Level = z.strictObject({
  notify: Names.describe('Who is told at this level: people, rotations of `oncall` or channels.'),
  wait: duration({ minMs: SECOND_MS, maxMs: DAY_MS })
    .optional()
    .describe('How long this level has to acknowledge before the next one is told.'),
});

const Levels = z
  .array(Level)
  .min(1, 'Expected at least one level.')
  .max(20)
  .superRefine((levels, context) => {
    for (const [index, level] of levels.slice(0, -1).entries()) {
      if (level.wait === undefined) {
        context.addIssue({
          code: 'custom',
          path: [index],
          message: 'This level has to say how long it waits for the next one, e.g. `wait: 5m`.',
        });
      }
    }
  })
  .describe('The levels of an escalation, first to last.');

/** Who is told, in which order. This version tells the first level of `default`; the rest is read and checked. */
export const alertingSection = {
  topLevel: {
    people: z.record(z.string(), Person).optional().describe('Everybody who can be told, by a short name.'),
    oncall: z.record(z.string(), Rotation).optional().describe('Duties that people take in turns, by name.'),
    escalate: z
      .record(z.string(), Levels)
      .optional()
      .describe('Who is told first, and who next when nobody answers. `default` holds for every service.'),
  },
  service: {},
  actsLater: ['people.*.phone', 'people.*.zone', 'oncall', 'escalate.default.1', 'escalate.!default'],
} satisfies ManifestSection<z.ZodRawShape, z.ZodRawShape>;
