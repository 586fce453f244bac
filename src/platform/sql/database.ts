import type { Db } from '../../contracts/database.ts';

/** What `platform/` and `app/` may do with a database beyond what areas may. */
export interface Database extends Db {
  /** Calls back after each commit that emitted an event, here or (PostgreSQL) in another process. */
  onAnnounced(listener: () => void): () => void;
  /** Rejects when the database does not answer a real query. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
