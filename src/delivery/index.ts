import type { Migration } from '../contracts/database.ts';
import { attemptMigration } from './queue/attempt-store.ts';
import { deliveryMigration } from './queue/delivery-store.ts';

export type { Channel } from './channel.ts';
export { canSend } from './channel-of.ts';
export { channelTypes } from './channels/index.ts';
export { createDelivery, type Delivery, type DeliveryDeps } from './delivery.ts';
export type { MailServer } from './mail/mail-server.ts';
export { type ChannelSettings, deliverySection } from './section.ts';

export const deliveryMigrations: readonly Migration[] = [deliveryMigration, attemptMigration];
