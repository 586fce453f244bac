/** What other floors may use of alerting. Everything else in this folder is private to it. */
import type { Migration } from '../contracts/database.ts';
import { alertMigration, runbookMigration } from './alert-store.ts';
import { signalMigration } from './signal-store.ts';

export { type Alerting, type AlertingSettings, createAlerting } from './alerting.ts';
export { routeSettingsOf } from './route.ts';
export { alertingSection } from './section.ts';

export const alertingMigrations: readonly Migration[] = [alertMigration, signalMigration, runbookMigration];
