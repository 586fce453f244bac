import { auditMigration } from './audit-trail.ts';
import { tokenLocationMigration, tokenMigration } from './token-store.ts';

export type { AuditEntry, AuditOutcome, AuditPage, AuditRecord, AuditTrail } from './audit-trail.ts';
export type { CreatedToken, Identity, IdentityDeps, NewToken } from './identity.ts';
export { createIdentity } from './identity.ts';
export type { Token, TokenKind } from './token.ts';

export const identityMigrations = [tokenMigration, auditMigration, tokenLocationMigration];
