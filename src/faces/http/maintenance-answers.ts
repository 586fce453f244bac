import * as z from 'zod';
import type * as contract from './maintenance-contract.ts';

/** The contract about maintenance once more, as schemas; see `answers.ts`. */
type Schema<View> = z.ZodType<View>;

const Instant = z.iso.datetime();

const MaintenanceView: Schema<contract.MaintenanceView> = z
  .strictObject({
    id: z.string(),
    title: z.string(),
    kind: z.enum(['planned', 'by hand']),
    monitors: z.array(z.string()),
    isOpen: z.boolean(),
    startsAt: Instant,
    endsAt: Instant.nullable(),
    pausesChecks: z.boolean(),
    startedBy: z.string().nullable(),
    reason: z.string().nullable(),
  })
  .meta({ id: 'MaintenanceView' });

export const MaintenanceListView: Schema<contract.MaintenanceListView> = z
  .strictObject({ windows: z.array(MaintenanceView) })
  .meta({ id: 'MaintenanceListView' });

export const MaintenanceChangeView: Schema<contract.MaintenanceChangeView> = z
  .strictObject({ isDryRun: z.boolean(), window: MaintenanceView })
  .meta({ id: 'MaintenanceChangeView' });
