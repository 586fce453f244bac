import type { Net } from '../../kernel/net.ts';
import type { Monitor } from '../monitor.ts';
import type { Check, CheckResult } from '../monitor-type.ts';
import { type CheckRunnerDeps, runCheck } from '../scheduling/check-runner.ts';
import { createScheduler } from '../scheduling/scheduler.ts';
import { NOTHING_TOLD } from '../scheduling/told.ts';
import { monitorTypes } from '../types/index.ts';

export interface ProbingDeps extends Omit<CheckRunnerDeps, 'stopping' | 'stateOf'> {
  /** Leads nowhere but to the internet: what came in through the API is checked with it. */
  readonly apiNet: Net;
  /** Keeps what one check said, made at `at`; it is not asked again for it. */
  readonly keep: (monitor: string, result: CheckResult, at: number) => void;
}

/** The checks of a probe: the same ones on the same schedule as a server's, without anybody who judges. */
export interface Probing {
  /** Checks exactly these from now on; one whose interval did not change keeps its phase. */
  apply(monitors: readonly Monitor[]): void;
  start(): void;
  /** Starts nothing more; what is under way is given up. */
  stop(): Promise<void>;
}

interface Probed {
  readonly monitor: Monitor;
  readonly check: Check;
  readonly since: number;
}

/** What others are is known to the server alone. */
const stateOf = async () => null;

export function createProbing({ keep, apiNet, ...deps }: ProbingDeps): Probing {
  const { clock, log, net } = deps;
  const stopping = new AbortController();
  const scheduler = createScheduler({ clock, run });
  let probed: ReadonlyMap<string, Probed> = new Map();

  return {
    apply(monitors) {
      const since = clock.now();
      probed = new Map(
        monitors.map((monitor) => {
          const check = monitorTypes.get(monitor.type).prepare(monitor.settings);
          return [monitor.name, { monitor, check, since }];
        }),
      );
      scheduler.set(monitors.map(({ name, intervalMs }) => ({ name, intervalMs })));
    },
    start: () => scheduler.start(),
    async stop() {
      stopping.abort();
      await scheduler.stop();
    },
  };

  async function run(name: string): Promise<void> {
    const current = probed.get(name);
    if (current === undefined) return;
    const { monitor, check, since } = current;
    const subject = { monitor, check, watchedSince: since, told: NOTHING_TOLD };
    const reached = monitor.reach === 'api' ? apiNet : net;
    const result = await runCheck(subject, { ...deps, net: reached, stateOf, stopping: stopping.signal });
    if (result === undefined) return;
    try {
      keep(name, result, clock.now());
    } catch (error) {
      log.error('What a check found could not be kept.', { monitor: name, error });
    }
  }
}
