import type { Migration } from '../contracts/database.ts';

export type { Alerting } from './alerting.ts';
export { type RouteSettings, routeOf } from './route.ts';
export { alertingSection } from './section.ts';

export const alertingMigrations: readonly Migration[] = [];
