import { createHash } from 'node:crypto';
import type { Envelope } from '../channel.ts';
import { headline, plainText, shortened } from '../notice-text.ts';
import { mailHtml } from './html.ts';

const SUBJECT_CHARS_MAX = 150;

export interface Addressed {
  /** One mailbox: a bad address must not keep others from being told. */
  readonly to: string;
  /** An address, or a name with one. */
  readonly from: string;
}

/** A message as nodemailer takes it. Each attempt makes the same one, so that mail programs know a repeat. */
export interface MailMessage {
  readonly from: string;
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly messageId: string;
  readonly inReplyTo: string;
  readonly references: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly html: string;
  readonly priority: 'high' | 'normal';
}

export function mailMessage({ id, thread, notice }: Envelope, { to, from }: Addressed): MailMessage {
  const domain = domainOf(from);
  const root = `<thread.${digest(thread)}@${domain}>`;
  return {
    from,
    to: { name: '', address: to },
    subject: shortened(headline(notice), SUBJECT_CHARS_MAX),
    messageId: `<${isAtom(id) ? id : digest(id)}@${domain}>`,
    // Nobody ever sent the message they all answer; mail programs gather them below it all the same.
    inReplyTo: root,
    references: root,
    headers: {
      // So that nobody's out-of-office note comes back (RFC 3834; the second is what Exchange understands).
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
    },
    text: plainText(notice),
    html: mailHtml(notice),
    priority: notice.severity === 'critical' && notice.phase === 'opened' ? 'high' : 'normal',
  };
}

function domainOf(from: string): string {
  return /@(?<domain>[\w.:[\]-]+)>?\s*$/.exec(from)?.groups?.['domain'] ?? 'evenkeel.invalid';
}

/** What may stand left of the @ in an id (RFC 5322 §3.6.4) without quotes. */
function isAtom(id: string): boolean {
  return /^[\w-]+(?:\.[\w-]+)*$/.test(id);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
