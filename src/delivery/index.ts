import type { Migration } from '../contracts/database.ts';
import { attemptMigration } from './attempt-store.ts';
import { deliveryMigration } from './delivery-store.ts';

export type { Channel } from './channel.ts';
export { canSend } from './channel-of.ts';
export { channelTypes } from './channels/index.ts';
export { createDelivery, type Delivery, type DeliveryDeps } from './delivery.ts';
export type { MailServer } from './mail-server.ts';
export { type ChannelSettings, deliverySection } from './section.ts';

export const deliveryMigrations: readonly Migration[] = [deliveryMigration, attemptMigration];
