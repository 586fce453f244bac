import type { Db } from '../../contracts/database.ts';
import { errors } from './errors.ts';
import { endOf, type HandWindow } from './hand-window.ts';
import * as telling from './telling.ts';
import * as windowStore from './window-store.ts';

export interface Opening {
  readonly db: Db;
  readonly environment: string;
  /** What the window covers now, for those who hear of it. */
  readonly monitors: readonly string[];
}

/** The row and the word of it are committed together. */
export async function open(window: HandWindow, { db, environment, monitors }: Opening): Promise<void> {
  const { id, title, from, until } = window;
  await db.tx(async (tx) => {
    await windowStore.insert(tx, environment, window);
    await telling.noteStarted(tx, environment, { window: id, title, from, until });
    await tx.emit('maintenance.started', {
      environment,
      window: id,
      title,
      monitors: [...monitors],
      at: from,
      until,
    });
  });
}

/** Throws MAINTENANCE_OVER, also when somebody else is faster. */
export async function close(
  { id, title, from }: HandWindow,
  at: number,
  { db, environment }: Omit<Opening, 'monitors'>,
): Promise<void> {
  await db.tx(async (tx) => {
    if (!(await windowStore.end(tx, id, at))) throw errors.MAINTENANCE_OVER({ id });
    // Another process, whose clock is ahead, may have told of its end already.
    if (!(await telling.noteEnded(tx, environment, { window: id, from, at }))) return;
    await tx.emit('maintenance.ended', { environment, window: id, title, at });
  });
}

export function isOver(window: HandWindow, at: number): boolean {
  const end = endOf(window);
  return end !== null && end <= at;
}
