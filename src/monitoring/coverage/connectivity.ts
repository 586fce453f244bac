import type { Clock } from '../../kernel/clock.ts';
import { SECOND_MS } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Net } from '../../kernel/net.ts';
import type { CheckResult } from '../monitor-type.ts';
import { isNear } from './near.ts';
import type { ReferenceAddress } from './section.ts';

export interface ConnectivityGuardDeps {
  readonly clock: Clock;
  readonly net: Net;
  readonly log: Log;
  /** Without any nothing is asked, and every failure is the target's. */
  readonly references: () => readonly ReferenceAddress[];
}

/** Tells a failure of ours from one of the target. */
export interface ConnectivityGuard {
  /**
   * Whether a failing check says nothing of its target, because no reference address answers either. `target` is what
   * was asked, as `MonitorType.target` names it. Such a result must not be counted.
   */
  isOurs(result: CheckResult, target: string): Promise<boolean>;
  /** Since when no reference address has answered, epoch milliseconds; null while one does, as far as we know. */
  cutOffSince(): number | null;
}

/** The reason of a state that nobody knows while we are cut off. */
export const NO_CONNECTION = 'Evenkeel itself had no connection.';

const TIMEOUT_MS = 3 * SECOND_MS;
/** That we are cut off is believed for so long without asking again: a thousand failing checks ask once. */
const CUT_OFF_FRESH_MS = 5 * SECOND_MS;
/** However many checks fail, the references are asked this often at most. */
const SPACING_MS = SECOND_MS / 4;

export function createConnectivityGuard({ clock, net, log, references }: ConnectivityGuardDeps): ConnectivityGuard {
  let cutOffSince: number | null = null;
  let askedAt = Number.NEGATIVE_INFINITY;
  /** Has not begun yet: it will tell of a moment after every failure that waits for it. */
  let nextAnswer: Promise<boolean> | undefined;
  let lastAnswer: Promise<unknown> = Promise.resolve();

  return {
    async isOurs({ state }, target) {
      if (references().length === 0) {
        cutOffSince = null;
        return false;
      }
      if (state !== 'down') {
        // Whatever is far away and answers proves that there is a connection.
        if (cutOffSince !== null && !isNear(target)) note(true);
        return false;
      }
      if (isNear(target)) return false;
      if (cutOffSince !== null && clock.ticks() - askedAt < CUT_OFF_FRESH_MS) return true;
      return !(await ask());
    },
    // References that the manifest names no more will never answer.
    cutOffSince: () => (references().length === 0 ? null : cutOffSince),
  };

  /** That there is a connection is only believed from a moment after the failure: one from before proves nothing. */
  function ask(): Promise<boolean> {
    if (nextAnswer !== undefined) return nextAnswer;
    const answer = lastAnswer.then(async () => {
      const waitMs = askedAt + SPACING_MS - clock.ticks();
      if (waitMs > 0) await clock.sleep(waitMs);
      nextAnswer = undefined;
      askedAt = clock.ticks();
      const isConnected = await anyAnswers();
      note(isConnected);
      return isConnected;
    });
    nextAnswer = answer;
    lastAnswer = answer;
    return answer;
  }

  function note(isConnected: boolean): void {
    if (isConnected === (cutOffSince === null)) return;
    cutOffSince = isConnected ? null : clock.now();
    if (isConnected) log.info('There is a connection again: results count.');
    else log.error('No reference address answers: we are cut off, and what fails now is not counted.');
  }

  /** One is enough: a reference that is down itself must not hold up everybody. */
  function anyAnswers(): Promise<boolean> {
    return Promise.any(references().map(answerOf)).then(
      () => true,
      () => false,
    );
  }

  /** Any answer will do, also one that says no. */
  async function answerOf(reference: ReferenceAddress): Promise<void> {
    const signal = clock.timeout(TIMEOUT_MS);
    if ('url' in reference) await net.http.send({ method: 'HEAD', url: reference.url, signal });
    else (await net.tcp.connect(reference, signal)).destroy();
  }
}
