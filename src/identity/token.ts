import { createHash, timingSafeEqual } from 'node:crypto';
import type { Role } from '../contracts/roles.ts';
import type { Ids } from '../kernel/ids.ts';

/**
 * What a token opens. Only `api` and `probe` tokens are made so far; the others are reserved so that no two ever look
 * alike. A probe's token opens what probes need, for one location, and nothing that a role opens.
 */
export const TOKEN_KINDS = ['api', 'probe', 'page', 'link', 'subscriber'] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];

/** Everything about a token but the token itself. Times are epoch milliseconds. */
export interface Token {
  readonly id: string;
  readonly kind: TokenKind;
  /** What it is for, in its owner's words. */
  readonly name: string;
  readonly role: Role;
  /** The only environment it works in; null for all of them. */
  readonly environment: string | null;
  /** Where the probe is that it was made for; null for every other kind. */
  readonly location: string | null;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  /** Exact to a minute. */
  readonly lastUsedAt: number | null;
}

const ID_PREFIX = 'tok';
const SECRET_BYTES = 32;
/** The prefix makes a leaked token findable by secret scanners, and the id lets us look it up without its secret. */
const TOKEN = new RegExp(`^ek_(?<kind>${TOKEN_KINDS.join('|')})_(?<id>[0-9A-Za-z]{1,64})_[\\w-]{43}$`);

export function mintToken(ids: Ids, kind: TokenKind): { readonly id: string; readonly text: string } {
  const id = ids.next(ID_PREFIX);
  return { id, text: `ek_${kind}_${id.slice(ID_PREFIX.length + 1)}_${ids.secret(SECRET_BYTES)}` };
}

/** The id and kind a token claims; undefined for anything that cannot be one of ours. */
export function readToken(text: string): { readonly id: string; readonly kind: string } | undefined {
  const { kind, id } = TOKEN.exec(text)?.groups ?? {};
  return kind === undefined || id === undefined ? undefined : { kind, id: `${ID_PREFIX}_${id}` };
}

/** The secret part is 256 random bits, so a fast hash is enough: there is nothing to guess. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export function isSameHash(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
