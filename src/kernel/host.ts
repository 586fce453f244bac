/** The machine Evenkeel runs on, as monitors may look at it. `platform/host` implements it. */
export interface HostLook {
  /** What is in use now. Rejects with `HOST_UNREADABLE` where the system does not tell; see the error's text. */
  resources(disks: readonly string[]): Promise<HostResources>;
  /**
   * What was written into a file since `from`; without it nothing is read and the place is the end of the file.
   * A relative path starts at the folder of the manifest. A file that was renamed meanwhile is read to its end first.
   */
  readLog(path: string, from: LogPlace | undefined, bytesMax: number): Promise<LogPiece>;
  /**
   * Every program that runs on this machine, or in our container, as far as we may see them. Rejects with
   * `HOST_UNREADABLE`.
   */
  processes(): Promise<readonly ProcessNow[]>;
  /**
   * A unit of systemd, e.g. `nginx.service`; the name is whatever systemd takes for one, and no option. Rejects with
   * `HOST_SYSTEMD_UNREACHABLE` where systemd does not run, with the signal's reason when it aborts.
   */
  unit(name: string, signal: AbortSignal): Promise<UnitNow>;
}

export interface ProcessNow {
  readonly pid: number;
  /** What it is called, without folders: by the kernel, by its file, by whoever started it. E.g. `celery`, `python3.11`. */
  readonly names: readonly string[];
  /** The whole command line; it may hold secrets and is for comparing, not for showing. */
  readonly commandLine: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** What it occupies now; what it shares with others is counted for each of them. */
  readonly memoryBytes: number;
  /** Since it began. */
  readonly cpuMs: number;
}

/** In systemd's own words (`systemctl show`). */
export interface UnitNow {
  readonly loadState: string;
  readonly activeState: string;
  readonly subState: string;
  /** How it ended last, e.g. `exit-code`. */
  readonly result: string;
  readonly restarts: number;
  /** Since when it has been in this state, epoch milliseconds; null when it never was in another. */
  readonly since: number | null;
}

export interface HostResources {
  /** Grows for ever: what `busy` grew by of what `total` grew by is the share that was in use meanwhile. */
  readonly cpu: { readonly busyMs: number; readonly totalMs: number; readonly of: LimitedBy };
  /** In use is what could not be given to a program that asks for it. */
  readonly memory: Use & { readonly of: LimitedBy };
  /** Missing where there is none. */
  readonly swap?: Use;
  /** Programs that ran or waited, on the average of the last minute, for each processor: 1 keeps them all busy. */
  readonly load: number;
  readonly disks: readonly DiskUse[];
}

/** The tighter of the two: a container may use less than its machine has. */
export type LimitedBy = 'machine' | 'container';

/** Of bytes, or of files. */
export interface Use {
  readonly used: number;
  readonly total: number;
}

export type DiskUse =
  | {
      readonly path: string;
      /** As `df` counts: what is kept for root is neither in use nor free. */
      readonly bytes: Use;
      /** Missing on file systems that make room for files as they go. */
      readonly files?: Use;
    }
  /** The system's code, e.g. `ENOENT`. */
  | { readonly path: string; readonly problem: string };

/** Up to where a log was read. */
export interface LogPlace {
  /** Which file it was, whatever its name is now. */
  readonly file: string;
  readonly offset: number;
}

export type LogPiece =
  | {
      readonly place: LogPlace;
      /** Whole lines, the older ones first. */
      readonly bytes: Uint8Array;
      /** So many bytes before these were too many to be read. */
      readonly skippedBytes: number;
    }
  | {
      /** `link`: it is a symbolic link, which somebody could point elsewhere. Otherwise the system's code. */
      readonly problem: 'missing' | 'link' | 'not a file' | (string & {});
    };
