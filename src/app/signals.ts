import { SECOND_MS } from '../kernel/clock.ts';

/** Ctrl-C and the service manager's way of asking. */
const STOP_SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/** What shells call a program that Ctrl-C ended. */
export const INTERRUPTED = 130;
/** Less than service managers wait before they kill: what has not ended by then waits for something that is gone. */
const STOP_MS_MAX = 25 * SECOND_MS;

/**
 * Resolves at the first request to stop. A second one means that somebody has run out of patience: then the process
 * ends at once, whatever is under way. Where nobody asks twice, time does.
 */
export async function stopRequested(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  let isAsked = false;
  const ask = (signal: NodeJS.Signals) => {
    if (isAsked) process.exit(INTERRUPTED);
    isAsked = true;
    setTimeout(giveUp, STOP_MS_MAX).unref();
    resolve(signal);
  };
  for (const signal of STOP_SIGNALS) process.on(signal, ask);
  return promise;
}

function giveUp(): void {
  process.stderr.write('Something did not end in time; Evenkeel ends without it.\n');
  process.exit(INTERRUPTED);
}

/** Service managers send SIGHUP for “read your configuration again”. */
export function onHangup(listener: () => void): () => void {
  process.on('SIGHUP', listener);
  return () => process.off('SIGHUP', listener);
}
