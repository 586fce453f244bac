export { backupsSection } from './section.ts';
