/** The machine Evenkeel runs on, as monitors may look at it. `platform/host` implements it. */
export interface HostLook {
  /** What is in use now. Rejects with `HOST_UNREADABLE` where the system does not tell; see the error's text. */
  resources(disks: readonly string[]): Promise<HostResources>;
  /**
   * What was written into a file since `from`; without it nothing is read and the place is the end of the file.
   * A relative path starts at the folder of the manifest. A file that was renamed meanwhile is read to its end first.
   */
  readLog(path: string, from: LogPlace | undefined, bytesMax: number): Promise<LogPiece>;
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
