import * as z from 'zod';
import type { ManifestSection } from '../contracts/manifest-section.ts';
import { secretText } from '../kernel/secret-text.ts';
import { channelTypes } from './channels/index.ts';
import { webhookUrl } from './webhook/url.ts';

/** Kinds whose plug-in is still to come. */
const LATER = [
  z.strictObject({ discord: webhookUrl('The webhook of a Discord channel.') }),
  z.strictObject({ teams: webhookUrl('The workflow address of a Microsoft Teams channel.') }),
  z.strictObject({ ntfy: webhookUrl('The address of an ntfy topic.') }),
  z.strictObject({ pagerduty: secretText().describe('The integration key of a PagerDuty service.') }),
];

/** One entry of `channels`, parsed: the key that is there says its type. */
export type ChannelSettings = Readonly<Record<string, unknown>>;

const Channel = z
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every variant is an object
  .union([...channelTypes.all().map(({ settings }) => z.strictObject(settings.shape)), ...LATER] as const)
  .describe('A place that messages go to.') as z.ZodType<ChannelSettings>;

/** Where messages go. */
export const deliverySection = {
  topLevel: {
    channels: z.record(z.string(), Channel).optional().describe('Places that messages go to, by name.'),
  },
  service: {},
  actsLater: LATER.flatMap(({ shape }) => Object.keys(shape).map((type) => `channels.*.${type}`)),
} satisfies ManifestSection<z.ZodRawShape, z.ZodRawShape>;
