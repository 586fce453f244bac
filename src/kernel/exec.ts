import type { Readable, Writable } from 'node:stream';

/**
 * Other people's programs, such as `pg_dump`. `platform/exec` implements it: there is no shell, nothing of our own
 * environment is handed on, and whatever was started ends when the signal aborts or when we do.
 */
export interface Exec {
  /** The newest program of this name: in `folders` (patterns allowed) and on the PATH. Undefined when there is none. */
  find(name: string, folders?: readonly string[]): Promise<string | undefined>;
  /** Starts it. A program that cannot be started ends with `code: null` and says why in `stderr`. */
  run(command: Command): RunningProgram;
  /** A new folder that only `user` can enter; gone with all that is in it when it is disposed of. */
  folder(user: ProgramUser): Promise<ProgramFolder>;
}

/**
 * Who a program runs as. `nobody` is another user without rights where we are root, so that what it reads cannot
 * reach what is ours; where we are not root there is no other user, and it is us.
 */
export type ProgramUser = 'us' | 'nobody';

export interface Command {
  /** Absolute; see `find`. */
  readonly program: string;
  /** Everybody on this machine can read these: never a secret. */
  readonly args: readonly string[];
  /** The whole environment of the program, beside PATH and a neutral locale. Root can read it: no secrets here either. */
  readonly env?: Readonly<Record<string, string>>;
  readonly folder?: string;
  readonly user?: ProgramUser;
  /** What asks it to end; SIGTERM, unless it knows a better one. */
  readonly stopSignal?: NodeJS.Signals;
  readonly signal: AbortSignal;
}

export interface RunningProgram {
  /** It closes when the program wants no more; what is written after that is lost without an error. */
  readonly stdin: Writable;
  /** Whoever destroys it before its end ends the program, too. */
  readonly stdout: Readable;
  /** Fulfils when it has ended, whatever way, and all it said was read. Never rejects. */
  readonly ended: Promise<ProgramEnd>;
  /** Asks it to end, and makes it end a while later. Fulfils when it has; what it wrote and nobody read is lost. */
  stop(): Promise<ProgramEnd>;
}

export interface ProgramEnd {
  /** Null when a signal ended it, or when it never started. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last 8 kB it said there. */
  readonly stderr: string;
}

export interface ProgramFolder extends AsyncDisposable {
  readonly path: string;
}
