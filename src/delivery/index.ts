import type { Migration } from '../contracts/database.ts';

export type { Delivery } from './delivery.ts';
export type { MailServer } from './mail-server.ts';
export { type ChannelSettings, deliverySection } from './section.ts';

export const deliveryMigrations: readonly Migration[] = [];
