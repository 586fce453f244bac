import * as z from 'zod';
import type { ManifestSection } from '../contracts/manifest-section.ts';
import { LANGUAGES } from './languages/index.ts';

const Name = z.string().min(1).max(100);
// A link stands on a public page: `javascript:` and the like would run there.
const WebLink = z.url({ protocol: /^https?$/, error: 'Expected a web address that starts with https:// or http://.' });
const SupportLink = z.url({
  protocol: /^(?:https?|mailto)$/,
  error: 'Expected a web address, or mailto: and an e-mail address.',
});

/** The public status page, as the manifest describes it. */
export const StatusSettings = z.strictObject({
  title: z.string().min(1).max(80).optional().describe('The heading of the page. Default: the name of the app.'),
  languages: z
    .array(z.enum(LANGUAGES.map((language) => language.tag)))
    .min(1)
    .default(LANGUAGES.map((language) => language.tag))
    .describe('Languages visitors may choose; the first one is used when they ask for none of them.'),
  groups: z
    .record(Name, z.array(Name).max(200))
    .optional()
    .describe(
      'What the public sees, by heading: names of services and monitors. Whatever is in no group stays private. ' +
        'Without groups everything is shown.',
    ),
  names: z
    .record(Name, z.string().min(1).max(60))
    .default({})
    .describe('What visitors call a service or monitor, e.g. `web: Website`. Default: its name in this file.'),
  home: WebLink.optional().describe('Where the heading leads, usually the application itself.'),
  support: SupportLink.optional().describe('Where visitors find help: a page or a mailto: link.'),
  readiness: z
    .boolean()
    .default(true)
    .describe('Whether visitors are told when a backup was last proven and an alert last delivered. Default: true.'),
  publish: z
    .string()
    .min(1)
    .optional()
    .describe('A second place that keeps a copy of the page, e.g. `s3://status-bucket`.'),
});
export type StatusSettings = z.output<typeof StatusSettings>;

/** What holds when the manifest says nothing about the page. */
export const STATUS_DEFAULTS: StatusSettings = StatusSettings.parse({});

export const statusSection = {
  topLevel: {
    status: StatusSettings.optional().describe('The public status page.'),
  },
  service: {},
  actsLater: ['status.publish'],
} as const satisfies ManifestSection<z.ZodRawShape, z.ZodRawShape>;
