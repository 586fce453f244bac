import type { Clock } from '../../kernel/clock.ts';
import { HERE } from '../monitor.ts';
import type { CheckResult } from '../monitor-type.ts';
import type { Watch } from '../state/watch.ts';

export interface GlanceDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly watchOf: (name: string) => Watch | undefined;
  /** Checks it, if that is our business; false when it is not. */
  readonly check: (name: string) => Promise<boolean>;
  /** Asks the target, and counts nothing. */
  readonly ask: (watch: Watch) => Promise<CheckResult | undefined>;
}

/**
 * Looks at a monitor in order to explain another one's failure. Where it belongs to another process, that one knows more
 * and says nothing to us; so we ask the target ourselves, and keep what we saw for the explanation alone.
 */
export function createGlance({ clock, watchOf, check, ask }: GlanceDeps): (name: string) => Promise<void> {
  return async (name) => {
    if (await check(name)) return;
    const watch = watchOf(name);
    if (watch?.monitor.locations.includes(HERE) !== true) return;
    const result = await ask(watch);
    if (result !== undefined) watch.standing.recent = [{ at: clock.now(), outcome: result.state }];
  };
}
