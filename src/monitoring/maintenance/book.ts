import type { Db } from '../../contracts/database.ts';
import { type Clock, DAY_MS } from '../../kernel/clock.ts';
import { createCalendar, type MaintenanceCalendar } from './calendar.ts';
import type { HandWindow } from './hand-window.ts';
import type { PlannedWindow } from './planned-window.ts';
import * as windowStore from './window-store.ts';

export interface BookDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly environment: string;
  /** The calendar is another one now: what it said about the future may be wrong. */
  readonly onChange: () => void;
}

/** The calendar in force: what the manifest plans, and what people have opened, in this process or in another. */
export interface MaintenanceBook {
  calendar(): MaintenanceCalendar;
  byHand(): readonly HandWindow[];
  /** False until a manifest was applied: then nothing can be said about windows that it may plan. */
  isKnown(): boolean;
  apply(planned: readonly PlannedWindow[], monitors: Watched): void;
  /** Learns what was opened or ended by hand since. */
  refresh(): Promise<void>;
}

type Watched = Parameters<typeof createCalendar>[2];

/** The calendar is asked about checks that have just been made, so what ended lately still belongs to it. */
const LATELY_MS = DAY_MS;

export function createBook({ db, clock, environment, onChange }: BookDeps): MaintenanceBook {
  let planned: readonly PlannedWindow[] | undefined;
  let byHand: readonly HandWindow[] = [];
  let monitors: Watched = [];
  let calendar = createCalendar([], [], []);

  return {
    calendar: () => calendar,
    byHand: () => byHand,
    isKnown: () => planned !== undefined,
    apply(windows, watched) {
      [planned, monitors] = [windows, watched];
      renew();
    },
    async refresh() {
      const found = await windowStore.listOpenSince(db, environment, clock.now() - LATELY_MS);
      // Asked for every few seconds, and nearly always the same.
      if (JSON.stringify(found) === JSON.stringify(byHand)) return;
      byHand = found;
      renew();
    },
  };

  function renew(): void {
    calendar = createCalendar(planned ?? [], byHand, monitors);
    onChange();
  }
}
