import { createHmac, timingSafeEqual } from 'node:crypto';

/** What both sides use until somebody chooses another. Everybody can read it here: it is good for trying out only. */
export const PUBLIC_SECRET = 'whsec_dGhpcyBrZXkgaXMgcHVibGljLCBjaG9vc2UgYW5vdGhlciE=';

/** A request as it arrived: the very bytes of the body, because it is they that were signed. */
export interface SignedRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** Older than this, a request may be one that somebody has recorded and plays again. */
const AGE_S_MAX = 300;

/**
 * Whether a webhook comes from somebody who holds our secret, as https://www.standardwebhooks.com/ describes: an HMAC
 * over id, time and body. Without this, anybody who finds the address could cry wolf.
 */
export function isGenuine({ headers, body }: SignedRequest, secret: string, now: number): boolean {
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  if (typeof id !== 'string' || typeof timestamp !== 'string') return false;
  // Written so that a time that is no number is refused, too.
  if (!(Math.abs(now / 1_000 - Number(timestamp)) <= AGE_S_MAX)) return false;

  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest();
  // While a sender changes its secret, it signs with both: one that fits is enough.
  const signatures = String(headers['webhook-signature']).split(' ');
  return signatures.some((signature) => {
    const [version, text = ''] = signature.split(',');
    const given = Buffer.from(text, 'base64');
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
  });
}
