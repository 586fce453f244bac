import * as z from 'zod';
import { HERE } from '../monitor.ts';

const LOCATIONS_MAX = 20;

/** The name of a place that checks are made from; a token for a probe carries one too. */
export const LocationName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'Expected small letters, digits and hyphens, such as fra; at most 32.');

/** From where a monitor is checked; `here` is the server itself. */
export const Locations = z
  .array(LocationName)
  .min(1)
  .max(LOCATIONS_MAX)
  .refine((names) => new Set(names).size === names.length, 'Expected each location once.')
  .describe(
    `From where to check: "${HERE}" is this server, any other name a probe (\`evenkeel probe\`). More than half of them decide. Default: [${HERE}].`,
  );
