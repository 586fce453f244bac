import type { Db } from '../../contracts/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Log } from '../../kernel/log.ts';
import { createAnnouncer } from './announcing.ts';
import { createBook } from './book.ts';
import type { MaintenanceCalendar } from './calendar.ts';
import { createMaintenanceDesk, type MaintenanceDesk } from './desk.ts';
import type { PlannedWindow } from './planned-window.ts';

export interface MaintenanceDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly environment: string;
  /** The calendar is another one now: what it said about the future may be wrong. */
  readonly onChange: () => void;
}

interface Watched {
  readonly name: string;
  readonly dependsOn: readonly string[];
}

export interface Maintenance {
  readonly desk: MaintenanceDesk;
  /** The one in force; ask again each time. */
  calendar(): MaintenanceCalendar;
  /** From now on these are planned, and these are watched. */
  apply(planned: readonly PlannedWindow[], monitors: readonly Watched[]): Promise<void>;
  /** Learns at once what was opened or ended by hand in another process. */
  refresh(): Promise<void>;
  /** Tells of beginnings and ends; one process that does is enough, several do no harm. */
  start(): void;
  stop(): Promise<void>;
}

/** Planned work, pauses, and what is told of them. */
export function createMaintenance({ db, clock, ids, log, environment, onChange }: MaintenanceDeps): Maintenance {
  let watched: readonly Watched[] = [];
  const changed = () => {
    onChange();
    announcer.wake();
  };
  const book = createBook({ db, clock, environment, onChange: changed });
  const announcer = createAnnouncer({ db, clock, log, environment, book });
  const monitors = () => watched.map(({ name }) => name);

  return {
    desk: createMaintenanceDesk({ db, clock, ids, environment, book, monitors }),
    calendar: book.calendar,
    async apply(planned, next) {
      // A monitor that is paused must not be checked once before that is known.
      await book.refresh();
      watched = next;
      book.apply(planned, next);
    },
    refresh: book.refresh,
    start: announcer.start,
    stop: announcer.stop,
  };
}
