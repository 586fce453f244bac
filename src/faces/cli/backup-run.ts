import { MINUTE_MS, SECOND_MS } from '../../kernel/clock.ts';
import { EvenkeelError, REPORTED_AS } from '../../kernel/errors.ts';
import type { BackupRequestedView, BackupRunView } from '../http/contract.ts';
import type { CliContext } from './context.ts';
import { createProgress } from './progress.ts';
import { sizeWords } from './size-words.ts';
import { dim, good, line, type Piece, warning } from './styled.ts';
import { roughly } from './time-words.ts';

const POLL_EVERY_MS = SECOND_MS;
/** For so long a server may be gone, e.g. because it is being restarted, before that is an error. */
const PATIENCE_MS = MINUTE_MS;

/** Looks at work on a backup until it has ended. Stopping to look does not stop the work. */
async function watchRun(run: BackupRunView, context: CliContext): Promise<BackupRunView> {
  const { clock, note } = context;
  const progress = createProgress(context, clock);
  note(dim(`Run ${run.id}; Ctrl-C stops the waiting, not the work.`));
  let latest = run;
  let lastAnswerAt = clock.ticks();
  try {
    while (!hasEnded(latest)) {
      progress.show(progressLine(latest, clock.now()));
      await clock.sleep(POLL_EVERY_MS);
      const answer = await context.api.call('GET /api/v1/backups/runs/:id', { id: run.id }).catch(passing);
      if (answer instanceof EvenkeelError) {
        if (clock.ticks() - lastAnswerAt > PATIENCE_MS) throw answer;
      } else {
        latest = answer;
        lastAnswerAt = clock.ticks();
      }
    }
  } finally {
    progress.end();
  }
  return latest;
}

export interface RequestWords {
  readonly json: boolean;
  readonly noWait: boolean;
  /** Said on a dry run. */
  readonly would: Piece;
  /** Where to look for what came of it, as a sentence; said when it is not waited for. */
  readonly later: string;
}

/**
 * Sees a request for work through. Fulfils with work that was waited for and done, for the command to tell of, and with
 * nothing when all is said. Work that failed is thrown, so that its kind decides the exit code.
 */
export async function seeThrough(
  asked: BackupRequestedView,
  { json, noWait, would, later }: RequestWords,
  context: CliContext,
): Promise<BackupRunView | undefined> {
  const { run: begun } = asked;
  const run = begun === null || noWait ? begun : await watchRun(begun, context);
  if (json) context.json({ ...asked, run });
  if (run?.error) throw errorOf(run.error);
  if (json) return undefined;
  if (run === null) context.out(would);
  else if (noWait) context.out(line`Asked for: run ${run.id}. ${later}`);
  else return run;
  return undefined;
}

export interface Done {
  readonly what: Piece;
  readonly tookMs: number | null;
  /** Whole sentences about what was found. */
  readonly findings: readonly string[];
  /** It was done, and still nobody should rely on it. */
  readonly isDoubtful?: boolean;
}

/** What was done, how long it took, and what was found, each sentence on a line of its own. */
export function tellDone({ what, tookMs, findings, isDoubtful = false }: Done, { out }: CliContext): void {
  const mark = isDoubtful ? warning('!') : good('✓');
  out(line`${mark} ${what}${tookMs === null ? '' : `, took ${roughly(tookMs)}`}`);
  for (const finding of findings) out(`  ${finding}`);
}

export function tookMsOf({ startedAt, endedAt }: BackupRunView): number | null {
  return startedAt === null || endedAt === null ? null : Date.parse(endedAt) - Date.parse(startedAt);
}

function errorOf({ code, kind, message, hint }: NonNullable<BackupRunView['error']>): EvenkeelError {
  return new EvenkeelError(code, { kind, message, hint });
}

function hasEnded({ state }: BackupRunView): boolean {
  return state === 'done' || state === 'failed';
}

const DOING: Readonly<Record<BackupRunView['kind'], string>> = {
  backup: 'Backing up',
  verify: 'Reading a backup of',
  prove: 'Proving a backup of',
  restore: 'Restoring a backup of',
};

function progressLine({ kind, service, state, phase, bytes, startedAt, queuedAt }: BackupRunView, now: number): string {
  const doing = `${DOING[kind]} ${service}`;
  if (state === 'waiting')
    return `${doing}: waits for a process that runs jobs, ${roughly(now - Date.parse(queuedAt))}`;
  const size = bytes === 0 ? '' : `, ${sizeWords(bytes)}`;
  return `${doing}: ${phase ?? 'begins'}${size}, ${roughly(now - Date.parse(startedAt ?? queuedAt))}`;
}

/** What trying again may help against is no reason to give up. */
function passing(thrown: unknown): EvenkeelError {
  if (thrown instanceof EvenkeelError && REPORTED_AS[thrown.kind].retryable) return thrown;
  throw thrown;
}
