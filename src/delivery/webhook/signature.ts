import { createHmac } from 'node:crypto';
import * as z from 'zod';
import type { Secret } from '../../kernel/secret.ts';
import { secretText } from '../../kernel/secret-text.ts';

const PREFIX = 'whsec_';
const KEY_BYTES_MIN = 24;
const KEY_BYTES_MAX = 64;

/** A key as Standard Webhooks 1.0.0 write it. A wrong one must not pass: it would sign with bytes nobody has. */
export function signingSecret() {
  return secretText(
    z.string().refine(
      isSigningSecret,
      // Not as an expectation: what was found instead would be quoted after it.
      `A signing secret is ${PREFIX} and after it ${KEY_BYTES_MIN} to ${KEY_BYTES_MAX} bytes in base64. ` +
        'To make one: echo "whsec_$(openssl rand -base64 32)".',
    ),
  );
}

/** What is signed, besides the time of this attempt: a repeat has the same id. */
export interface Signed {
  readonly id: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
  readonly body: string;
}

/** The value of `webhook-signature`: one signature for each key, so that receivers can change theirs in peace. */
export function signatureOf({ id, timestamp, body }: Signed, secrets: readonly Secret[]): string {
  const content = `${id}.${timestamp}.${body}`;
  return secrets
    .map((secret) => `v1,${createHmac('sha256', keyOf(secret.reveal())).update(content).digest('base64')}`)
    .join(' ');
}

function keyOf(secret: string): Buffer {
  return Buffer.from(secret.slice(PREFIX.length), 'base64');
}

/** Strict: Node skips whatever is not base64, so only what comes out again as it went in was meant so. */
function isSigningSecret(text: string): boolean {
  if (!text.startsWith(PREFIX)) return false;
  const key = keyOf(text);
  const isExact = `${PREFIX}${key.toString('base64')}` === text;
  return isExact && key.length >= KEY_BYTES_MIN && key.length <= KEY_BYTES_MAX;
}
