import * as z from 'zod';
import type { Secret } from '../../kernel/secret.ts';
import { secretText } from '../../kernel/secret-text.ts';

/** An address to post to. */
export function webhookUrl(what: string) {
  // Not as an expectation: what was found instead would be quoted after it.
  const error = 'The address of a webhook starts with https://.';
  return secretText(z.url({ protocol: /^https?$/, error })).describe(
    `${what} It holds a credential, so take it from a variable.`,
  );
}

/** All that may be shown: in most webhooks the path is the credential. */
export function hostOf(url: Secret): string {
  return new URL(url.reveal()).host;
}
