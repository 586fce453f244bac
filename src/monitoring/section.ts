import * as z from 'zod';
import type { ManifestSection } from '../contracts/manifest-section.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../kernel/clock.ts';
import { duration } from '../kernel/duration.ts';
import { Connectivity } from './coverage/section.ts';
import { HistorySection } from './history/section.ts';
import { Locations } from './locations/location-names.ts';
import { maintenanceSection } from './maintenance/section.ts';
import type { MonitorType } from './monitor-type.ts';
import { Slo } from './objectives/section.ts';
import { Thresholds } from './thresholds/section.ts';
import { monitorTypes } from './types/index.ts';

const CONFIRM_MAX = 20;
const Count = z.int().min(1).max(CONFIRM_MAX);

const Confirm = z
  .union([
    Count,
    z.strictObject({
      down: Count.optional().describe('How many checks in a row must find it worse.'),
      up: Count.optional().describe('How many checks in a row must find it better.'),
    }),
  ])
  .describe('How many checks in a row must agree before the state changes. A number counts for getting worse.');

const timing = {
  every: duration({ minMs: SECOND_MS, maxMs: 24 * HOUR_MS })
    .optional()
    .describe('How often to check. Default 60s.'),
  timeout: duration({ minMs: 100, maxMs: 5 * MINUTE_MS })
    .optional()
    .describe('How long a check may take. Default 10s, never longer than `every`.'),
  confirm: Confirm.optional(),
};

/** Only of monitors that ask: whoever is told cannot be told elsewhere. */
const place = { locations: Locations.optional() };

const common = {
  ...timing,
  description: z.string().min(1).max(200).optional().describe('One line for visitors of the status page.'),
  slo: Slo.optional(),
  depends_on: z.array(z.string()).optional().describe('Services or monitors whose failure explains this one.'),
  added_by: z
    .string()
    .optional()
    .describe(
      'Who added it through the API: it reaches addresses of the internet only. `evenkeel monitor add` writes it.',
    ),
  was: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe('Earlier names: their history is kept.'),
};

/** What every monitor has, whatever its type; the keys of the type stand beside these. */
export type MonitorEntry = z.output<z.ZodObject<typeof common & typeof place>> & Readonly<Record<string, unknown>>;

/**
 * What stands under `monitors:`, made of the types that are loaded: each variant is as strict as can be. Which type an
 * entry means is said by the one type key it has.
 */
export function monitorsSchema(types: readonly MonitorType[] = monitorTypes.loaded()) {
  const variants = types.map((type) => type.settings.safeExtend({ ...common, ...(type.isPush ? {} : place) }));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every variant has the common keys
  const Monitor = z.union(variants) as z.ZodType<MonitorEntry>;
  return z
    .record(z.string(), Monitor)
    .optional()
    .describe('What to watch beside the services, by name. Each entry names its type by its key, e.g. `http:`.');
}

export const monitoringSection = {
  topLevel: {
    connectivity: Connectivity.optional(),
    thresholds: Thresholds.optional(),
    history: HistorySection.optional(),
    ...maintenanceSection.topLevel,
  },
  service: { ...timing, ...place, slo: Slo.optional() },
} satisfies ManifestSection<z.ZodRawShape, z.ZodRawShape>;

export type MonitorEntries = Readonly<Record<string, MonitorEntry>>;

/** The keys monitoring reads of a service. */
export type ServiceTiming = z.output<z.ZodObject<typeof timing & typeof place>>;
