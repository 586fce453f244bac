import * as z from 'zod';
import { parseHostAndPort } from '../protocols/server-address.ts';

/** An address that answers as long as there is a connection. */
export type ReferenceAddress = { readonly host: string; readonly port: number } | { readonly url: string };

const EXPECTED = 'Expected an address such as "1.1.1.1:53" or https://example.com/.';

/** `connectivity:` of the manifest. */
export const Connectivity = z
  .array(
    z.string(EXPECTED).transform((text, context): ReferenceAddress => {
      if (/^https?:\/\//.test(text) && URL.canParse(text)) return { url: text };
      const target = parseHostAndPort(text);
      if (target !== undefined) return { host: target.host, port: target.port };
      context.addIssue({ code: 'custom', message: EXPECTED });
      return z.NEVER;
    }),
  )
  .min(1)
  .max(10)
  .describe('Addresses that answer as long as we have a connection. While none does, failing checks are not counted.');
