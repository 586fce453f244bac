export { alertingSection } from './section.ts';
