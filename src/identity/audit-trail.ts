import type { Db, Migration, Reads, Tx } from '../contracts/database.ts';
import type { Actor, Role } from '../contracts/roles.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Ids } from '../kernel/ids.ts';

/** Who did what, and who was not let. What was done is kept for ever; what strangers tried, for a while. */
export interface AuditEntry {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly actor: string;
  readonly tokenId: string | null;
  readonly role: Role;
  /** What was asked for, e.g. `DELETE /api/v1/tokens/:id`. */
  readonly action: string;
  /** What it was about, e.g. a token's id. */
  readonly subject: string | null;
  readonly outcome: AuditOutcome;
  /** Why it was refused or failed: an error code. Never a secret. */
  readonly detail: string | null;
}

export type AuditOutcome = 'done' | 'refused' | 'failed';

export interface AuditRecord {
  readonly actor: Actor;
  readonly action: string;
  readonly outcome: AuditOutcome;
  readonly subject?: string;
  readonly detail?: string;
}

export interface AuditPage {
  /** Only entries older than the one with this id. */
  readonly before?: string;
  readonly limit: number;
}

export interface AuditTrail {
  /** For an act with a transaction of its own: the act and its trace commit together. */
  record(tx: Tx, record: AuditRecord): Promise<void>;
  /** For an act that changed nothing here, such as a refused one. */
  note(record: AuditRecord): Promise<void>;
  /** Deletes what people without a role were refused before this instant: they may add a row a second. Returns how many. */
  forgetStrangers(before: number): Promise<number>;
  /** Newest first. */
  list(page: AuditPage): Promise<readonly AuditEntry[]>;
}

export interface AuditTrailDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly ids: Ids;
}

interface AuditTables {
  readonly audit_entry: AuditRow;
}

interface AuditRow {
  readonly id: string;
  readonly at: number;
  readonly actor: string;
  readonly token_id: string | null;
  readonly role: Role;
  readonly action: string;
  readonly subject: string | null;
  readonly outcome: AuditOutcome;
  readonly detail: string | null;
}

export const auditMigration: Migration = {
  id: 'identity/2026-11-20-audit',
  up: [
    `create table audit_entry (
       id text primary key,
       at bigint not null,
       actor text not null,
       token_id text,
       role text not null,
       action text not null,
       subject text,
       outcome text not null check (outcome in ('done', 'refused', 'failed')),
       detail text
     )`,
  ],
  down: ['drop table audit_entry'],
};

const TEXT_CHARS_MAX = 300;

export function createAuditTrail({ db, clock, ids }: AuditTrailDeps): AuditTrail {
  const trail: AuditTrail = {
    async record(tx, { actor, action, outcome, subject, detail }) {
      const row: AuditRow = {
        id: ids.next('aud'),
        at: clock.now(),
        actor: actor.name,
        token_id: actor.tokenId ?? null,
        role: actor.role,
        action,
        subject: shortened(subject),
        outcome,
        detail: shortened(detail),
      };
      await tx.of<AuditTables>().insertInto('audit_entry').values(row).execute();
    },
    async note(record) {
      await db.quiet('the audit trail is the announcement', (tx) => trail.record(tx, record));
    },
    async forgetStrangers(before) {
      return db.quiet('forgetting is no event', async (tx) => {
        const old = tx.of<AuditTables>().deleteFrom('audit_entry').where('at', '<', before);
        const query = old.where('role', '=', 'public').where('outcome', '=', 'refused');
        return Number((await query.executeTakeFirst()).numDeletedRows);
      });
    },
    async list(page) {
      const rows = await pageOf(db.of<AuditTables>(), page);
      return rows.map(fromRow);
    },
  };
  return trail;
}

/** Ids made later sort later, so the id is the order as well as the cursor. */
function pageOf(reads: Reads<AuditTables>, { before, limit }: AuditPage): Promise<AuditRow[]> {
  const newest = reads.selectFrom('audit_entry').selectAll().orderBy('id', 'desc').limit(limit);
  return (before === undefined ? newest : newest.where('id', '<', before)).execute();
}

/** What strangers send ends up here too; a trail is no place to store it in full. */
function shortened(text: string | undefined): string | null {
  return text?.slice(0, TEXT_CHARS_MAX) ?? null;
}

function fromRow({ token_id: tokenId, ...entry }: AuditRow): AuditEntry {
  return { ...entry, tokenId };
}
