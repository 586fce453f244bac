import type { Db } from '../contracts/database.ts';
import { type Actor, mayAct, NOBODY, type Role } from '../contracts/roles.ts';
import { type Clock, MINUTE_MS } from '../kernel/clock.ts';
import type { Ids } from '../kernel/ids.ts';
import type { Log } from '../kernel/log.ts';
import { Secret } from '../kernel/secret.ts';
import { type AuditTrail, createAuditTrail } from './audit-trail.ts';
import { errors } from './errors.ts';
import { hashOf, isSameHash, mintToken, readToken, type Token } from './token.ts';
import * as tokenStore from './token-store.ts';

export interface IdentityDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Where this process runs: a token of another environment does not work here. */
  readonly environment: string;
}

export interface NewToken {
  readonly name: string;
  /** What it may do; a probe's token has no role. */
  readonly role: Role;
  /** Makes it the token of the probe in this location. It then works in one environment only, ours if none is named. */
  readonly location?: string | undefined;
  readonly environment?: string | undefined;
  /** Epoch milliseconds. */
  readonly expiresAt?: number | undefined;
}

/** `secret` is what the caller has to send; it exists only here. */
export interface CreatedToken {
  readonly token: Token;
  readonly secret: Secret;
}

export interface Identity {
  /**
   * Who sends this `Authorization` header. No header is `NOBODY`; a wrong one is `TOKEN_INVALID`, never silently
   * public, or a script with an expired token would quietly see less than it should.
   */
  authenticate(header: string | undefined): Promise<Actor>;
  /** `dryRun` decides and refuses alike, but stores nothing and returns no usable secret. */
  createToken(by: Actor, wanted: NewToken, options?: { readonly dryRun: boolean }): Promise<CreatedToken>;
  /** Effective at once. The last owner's token too may go: the admin socket stays. */
  revokeToken(by: Actor, id: string, options?: { readonly dryRun: boolean }): Promise<Token>;
  /** Newest first, with the revoked and the expired. */
  tokens(): Promise<readonly Token[]>;
  /** The first owner's token, when none was ever made; undefined otherwise. */
  ensureOwner(): Promise<CreatedToken | undefined>;
  readonly audit: AuditTrail;
  /** Waits for what is still being written. */
  close(): Promise<void>;
}

const USE_WRITTEN_EVERY_MS = MINUTE_MS;
const BOOTSTRAP: Actor = { name: 'first start', role: 'owner' };
const OWNER_NAME = 'first owner';

export function createIdentity(deps: IdentityDeps): Identity {
  const { db, clock, log } = deps;
  const lastUse = createLastUse(deps);

  async function authenticate(header: string | undefined): Promise<Actor> {
    if (header === undefined) return NOBODY;
    const text = /^Bearer +(?<token>\S+)$/i.exec(header)?.groups?.['token'] ?? '';
    const claimed = readToken(text);
    const stored = claimed && (await tokenStore.find(db.of(), claimed.id));
    if (stored === undefined || !isSameHash(stored.hash, hashOf(text))) throw errors.TOKEN_INVALID({});

    const objection = objectionTo(stored.token, { now: clock.now(), environment: deps.environment });
    if (objection !== undefined) {
      log.info('A token was refused', { token: stored.token.id, name: stored.token.name, because: objection });
      throw errors.TOKEN_INVALID({});
    }
    lastUse.note(stored.token);
    return actorOf(stored.token);
  }

  return {
    authenticate,
    createToken: (by, wanted, { dryRun } = { dryRun: false }) => createToken(deps, { by, wanted, dryRun }),
    revokeToken: (by, id, { dryRun } = { dryRun: false }) => revokeToken(deps, { by, id, dryRun }),
    tokens: () => tokenStore.list(db.of()),
    ensureOwner: () => ensureOwner(deps),
    audit: createAuditTrail(deps),
    close: () => lastUse.settled(),
  };
}

function actorOf({ id, name, role, location }: Token): Actor {
  if (location !== null) return { name: `probe ${name}`, role: 'public', tokenId: id, location };
  return { name: `token ${name}`, role, tokenId: id };
}

function objectionTo(token: Token, here: { readonly now: number; readonly environment: string }): string | undefined {
  if (token.kind !== 'api' && token.kind !== 'probe') return `it is of the kind ${token.kind}`;
  if (token.revokedAt !== null) return 'it is revoked';
  if (token.expiresAt !== null && token.expiresAt <= here.now) return 'it has expired';
  if (token.environment !== null && token.environment !== here.environment) return 'it is for another environment';
  return undefined;
}

interface Creation {
  readonly by: Actor;
  readonly wanted: NewToken;
  readonly dryRun: boolean;
}

async function createToken(deps: IdentityDeps, { by, wanted, dryRun }: Creation): Promise<CreatedToken> {
  const { db, clock, ids } = deps;
  if (!mayAct(by, wanted.role)) throw errors.TOKEN_ROLE_TOO_HIGH({ role: wanted.role, own: by.role });
  const isProbe = wanted.location !== undefined;
  const kind = isProbe ? 'probe' : 'api';
  const { id, text } = mintToken(ids, kind);
  const token: Token = {
    id,
    kind,
    name: wanted.name,
    role: isProbe ? 'public' : wanted.role,
    environment: wanted.environment ?? (isProbe ? deps.environment : null),
    location: wanted.location ?? null,
    createdAt: clock.now(),
    createdBy: by.name,
    expiresAt: wanted.expiresAt ?? null,
    revokedAt: null,
    lastUsedAt: null,
  };
  if (!dryRun) {
    await db.tx(async (tx) => {
      await tokenStore.insert(tx, token, hashOf(text));
      const { name, role, createdAt: at } = token;
      await tx.emit('token.created', { tokenId: id, name, role, by: by.name, at });
    });
  }
  return { token, secret: new Secret(text, id) };
}

interface Revocation {
  readonly by: Actor;
  readonly id: string;
  readonly dryRun: boolean;
}

async function revokeToken({ db, clock }: IdentityDeps, { by, id, dryRun }: Revocation): Promise<Token> {
  const stored = await tokenStore.find(db.of(), id);
  if (stored === undefined) throw errors.TOKEN_UNKNOWN({ id });
  if (stored.token.revokedAt !== null) throw errors.TOKEN_ALREADY_REVOKED({ id });

  const at = clock.now();
  if (!dryRun) {
    await db.tx(async (tx) => {
      if (!(await tokenStore.revoke(tx, id, at))) throw errors.TOKEN_ALREADY_REVOKED({ id });
      await tx.emit('token.revoked', { tokenId: id, name: stored.token.name, by: by.name, at });
    });
  }
  return { ...stored.token, revokedAt: at };
}

/** Never a second time, even if the owner revoked it: whoever locked the door did not ask us to leave a new key. */
async function ensureOwner(deps: IdentityDeps): Promise<CreatedToken | undefined> {
  const { db } = deps;
  if (await db.quiet('only looks', (tx) => tokenStore.hasOwner(tx))) return undefined;
  return createToken(deps, { by: BOOTSTRAP, wanted: { name: OWNER_NAME, role: 'owner' }, dryRun: false });
}

/** When a token was last used: at most one write a minute for each, and one write for all that wait meanwhile. */
function createLastUse({ db, clock, log }: IdentityDeps) {
  const waiting = new Set<string>();
  let running: Promise<void> | undefined;

  async function write(): Promise<void> {
    while (waiting.size > 0) {
      const ids = [...waiting];
      waiting.clear();
      await db.quiet('when a token was last used changes nothing', (tx) =>
        tokenStore.setLastUsed(tx, ids, clock.now()),
      );
    }
  }

  return {
    note({ id, lastUsedAt }: Token): void {
      if (lastUsedAt !== null && clock.now() - lastUsedAt < USE_WRITTEN_EVERY_MS) return;
      waiting.add(id);
      running ??= write()
        .catch((error: unknown) => log.warn('When a token was last used could not be written', { error }))
        .finally(() => {
          running = undefined;
        });
    },
    settled: () => running ?? Promise.resolve(),
  };
}
