export { deploysSection } from './section.ts';
