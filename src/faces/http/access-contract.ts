import type { Role } from '../../contracts/roles.ts';

/** The part of the contract about tokens and the audit trail. */
export interface TokenInput {
  /** What it is for, e.g. `ci`. */
  readonly name: string;
  /** What it may do; left out for the token of a probe, which has no role. */
  readonly role?: Exclude<Role, 'public'>;
  /** Makes it the token of the probe in this location, e.g. `fra`. */
  readonly location?: string;
  /** Works only in this environment; in every one when left out, and that of a probe in the server's. */
  readonly environment?: string;
  /** A duration such as `90d`; without it the token lasts until it is revoked. */
  readonly expiresIn?: string;
  readonly dryRun?: boolean;
}

export interface TokenListView {
  readonly tokens: readonly TokenView[];
}

export interface TokenView {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly role: Role;
  /** Null: every environment. */
  readonly environment: string | null;
  /** Where the probe is that it belongs to; null for every other kind. */
  readonly location: string | null;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  /** Exact to a minute; null when it was never used. */
  readonly lastUsedAt: string | null;
}

export interface TokenCreatedView {
  readonly isDryRun: boolean;
  readonly token: TokenView;
  /** Shown this one time and stored nowhere; null on a dry run. */
  readonly secret: string | null;
}

export interface TokenRevokedView {
  readonly isDryRun: boolean;
  readonly token: TokenView;
}

export interface AuditListView {
  /** Newest first. */
  readonly entries: readonly AuditEntryView[];
}

export interface AuditEntryView {
  readonly id: string;
  readonly at: string;
  /** Who, e.g. `token ci` or `admin socket`. */
  readonly actor: string;
  readonly role: Role;
  /** What was asked for, e.g. `DELETE /api/v1/tokens/:id`. */
  readonly action: string;
  /** What it was about, e.g. a token's id. */
  readonly subject: string | null;
  readonly outcome: 'done' | 'refused' | 'failed';
  /** The error code of what did not work, or the caller's address. Never a secret. */
  readonly detail: string | null;
}
