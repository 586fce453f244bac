import * as z from 'zod';
import type { ManifestSection } from '../contracts/manifest-section.ts';
import { secretText } from '../kernel/secret-text.ts';

function webhook(what: string) {
  return secretText(z.url({ protocol: /^https?$/, error: 'Expected an address that starts with https://.' })).describe(
    `${what} It holds a credential, so take it from a variable.`,
  );
}

/** Each entry says by its one key what kind of channel it is. */
const Channel = z
  .union([
    z.strictObject({ slack: webhook('The incoming webhook of a Slack channel.') }),
    z.strictObject({ discord: webhook('The webhook of a Discord channel.') }),
    z.strictObject({ teams: webhook('The workflow address of a Microsoft Teams channel.') }),
    z.strictObject({ ntfy: webhook('The address of an ntfy topic.') }),
    z.strictObject({ webhook: webhook('Any address that takes a POST with JSON.') }),
    z.strictObject({ pagerduty: secretText().describe('The integration key of a PagerDuty service.') }),
    z.strictObject({
      email: z.email('Expected an e-mail address such as ops@shop.example.').describe('A mailbox of the team.'),
    }),
  ])
  .describe('A place that messages go to.');

/** Where messages go. Read and checked by this version; nothing is sent yet. */
export const deliverySection = {
  topLevel: {
    channels: z.record(z.string(), Channel).optional().describe('Places that messages go to, by name.'),
  },
  service: {},
  actsLater: ['channels'],
} satisfies ManifestSection<z.ZodRawShape, z.ZodRawShape>;

/** One entry of `channels`, parsed: the key that is there says its type. */
export type ChannelSettings = z.output<typeof Channel>;
