export { deliverySection } from './section.ts';
