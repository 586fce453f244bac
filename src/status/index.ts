export type { AffectedDay } from './component-history.ts';
export { LANGUAGES } from './languages/index.ts';
export type { Overall } from './overall.ts';
export type { PastEvent } from './past-events.ts';
export { STATUS_DEFAULTS, StatusSettings, statusSection } from './section.ts';
export { createStatus, type Status, type StatusDeps } from './status.ts';
export { type PublicSummary, summaryOf } from './summary.ts';
export { type PublicComponent, type PublicGroup, type PublicView } from './view.ts';
export { type Wording, wordingOf } from './wording.ts';
