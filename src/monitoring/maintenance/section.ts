import * as z from 'zod';
import { DAY_MS, MINUTE_MS } from '../../kernel/clock.ts';
import { duration } from '../../kernel/duration.ts';
import { timeZone } from '../../kernel/times.ts';
import { faultsOf } from './faults.ts';

export const FOR_MS_MAX = 31 * DAY_MS;

const TIME = 'Expected a time such as 2026-12-01T22:00, with an offset such as +01:00 or in the zone of the window.';
const Time = z
  .string(TIME)
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})?$/, { error: TIME, abort: true })
  .refine(isTime, TIME);

const Window = z
  .strictObject({
    title: z.string().min(1).max(200).optional().describe('What is done, in one line. Default: its name.'),
    monitors: z
      .array(z.string())
      .min(1)
      .optional()
      .describe('Services and monitors it is about. Default: everything that is watched.'),
    dependents: z.boolean().optional().describe('Also whatever depends on these. Default: false.'),
    from: Time.optional().describe('When it begins; with `rrule` the first time.'),
    until: Time.optional().describe('When it is over; or say how long with `for`.'),
    for: duration({ minMs: MINUTE_MS, maxMs: FOR_MS_MAX })
      .optional()
      .describe('How long it lasts, e.g. 2h. Exact, also when the clocks change meanwhile.'),
    zone: timeZone().optional().describe('Whose clocks the times are of, e.g. Europe/Berlin. Default: UTC.'),
    rrule: z.string().min(1).max(500).optional().describe('How it comes again (RFC 5545), e.g. FREQ=WEEKLY;BYDAY=SU.'),
    cron: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('When it begins again and again, as a cron line of five fields.'),
  })
  .superRefine((window, context) => {
    // A key that is misspelt explains whatever seems to be missing.
    if (context.issues.length > 0) return;
    for (const { key, message } of faultsOf(window)) {
      context.addIssue({ code: 'custom', path: key === undefined ? [] : [key], message });
    }
  })
  .describe('Work that is announced: what it is about is not watched for failures meanwhile.');

export const maintenanceSection = {
  topLevel: {
    maintenance: z
      .record(z.string(), Window)
      .optional()
      .describe('When work is planned, by name: once, or again and again with `rrule` or `cron`.'),
  },
};

export type MaintenanceEntry = z.output<typeof Window>;
export type MaintenanceEntries = Readonly<Record<string, MaintenanceEntry>>;

function isTime(text: string): boolean {
  try {
    return Temporal.PlainDateTime.from(text.replace(/Z$/, '')).year > 0;
  } catch {
    return false;
  }
}
