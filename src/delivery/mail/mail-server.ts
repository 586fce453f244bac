import type { Secret } from '../../kernel/secret.ts';

/** Where mail is handed in, and in whose name. */
export interface MailServer {
  /** `smtp://user:password@host:587` (STARTTLS when offered), or `smtps://…:465`. */
  readonly url: Secret;
  /** An address, or a name with one: `Shop status <status@shop.example>`. */
  readonly from: string;
}
