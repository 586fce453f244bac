import type { Db } from '../../contracts/database.ts';
import { MINUTE_MS } from '../../kernel/clock.ts';
import * as gapStore from './gap-store.ts';

/** What was found at one look; `undefined` where all is well. */
export interface Found {
  readonly since: number;
  readonly reason: string;
  readonly monitors: readonly string[];
}

export interface GapKeeper {
  /** Says what is new about it, once, however many processes find the same. */
  settle(what: string, found: Found | undefined, now: number): Promise<void>;
  isOpen(what: string): Promise<boolean>;
}

export interface GapKeeperDeps {
  readonly db: Db;
  readonly environment: string;
  /** Names this process: some gaps are one process's alone. */
  readonly self: string;
}

/** The list of names is for people: it need not follow every single one. */
const UPDATED_AT_MOST_EVERY_MS = 10 * MINUTE_MS;
const RENEWED_EVERY_MS = MINUTE_MS / 2;
/** Whoever found it has not been heard of since: it may have died with what it found. */
const ABANDONED_AFTER_MS = 3 * MINUTE_MS;
const NAMES_MAX = 100;

/** `isOwn`: only the process that found it knows when it is over. */
export function createGapKeeper({ db, environment, self }: GapKeeperDeps, isOwn: (what: string) => boolean): GapKeeper {
  const find = async (what: string) => (await gapStore.list(db, environment)).find((gap) => gap.what === what);

  return {
    isOpen: async (what) => (await find(what))?.isOpen ?? false,
    async settle(what, found, now) {
      const gap = await find(what);
      if (found !== undefined) return gap?.isOpen === true ? renew(gap, found, now) : open(what, gap, found, now);
      if (gap?.isOpen !== true) return;
      const isMine = !isOwn(what) || gap.holder === self || now - gap.seenAt > ABANDONED_AFTER_MS;
      if (isMine) await close(gap, now);
    },
  };

  async function open(what: string, before: gapStore.GapRecord | undefined, found: Found, now: number): Promise<void> {
    const names = found.monitors.slice(0, NAMES_MAX);
    const gap = { what, isOpen: true, ...found, monitors: names, noticedAt: now, seenAt: now, holder: self };
    await db.tx(async (tx) => {
      if (!(await gapStore.set(tx, environment, before?.version ?? 0, gap))) return;
      const { since: at, reason } = found;
      await tx.emit('coverage.lost', { environment, what, reason, monitors: names, at, noticedAt: now });
    });
  }

  async function renew(gap: gapStore.GapRecord, found: Found, now: number): Promise<void> {
    const names = found.monitors.slice(0, NAMES_MAX);
    const isNews = found.reason !== gap.reason || names.join() !== gap.monitors.join();
    if (isNews && now - gap.noticedAt >= UPDATED_AT_MOST_EVERY_MS) {
      return open(gap.what, gap, { ...found, since: Math.min(found.since, gap.since) }, now);
    }
    if (now - gap.seenAt < RENEWED_EVERY_MS) return;
    await db.quiet('it is as it was', (tx) => gapStore.set(tx, environment, gap.version, { ...gap, seenAt: now }));
  }

  async function close(gap: gapStore.GapRecord, now: number): Promise<void> {
    await db.tx(async (tx) => {
      if (!(await gapStore.set(tx, environment, gap.version, { ...gap, isOpen: false, seenAt: now }))) return;
      await tx.emit('coverage.restored', { environment, what: gap.what, at: now });
    });
  }
}
