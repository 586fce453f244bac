export { STATUS_DEFAULTS, StatusSettings, statusSection } from './section.ts';
