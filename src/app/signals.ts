/** Ctrl-C and the service manager's way of asking. */
const STOP_SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const INTERRUPTED = 130;

/**
 * Resolves at the first request to stop. A second one means that somebody has run out of patience: then the process
 * ends at once, whatever is under way.
 */
export async function stopRequested(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  let isAsked = false;
  const ask = (signal: NodeJS.Signals) => {
    if (isAsked) process.exit(INTERRUPTED);
    isAsked = true;
    resolve(signal);
  };
  for (const signal of STOP_SIGNALS) process.on(signal, ask);
  return promise;
}

/** Service managers send SIGHUP for “read your configuration again”. */
export function onHangup(listener: () => void): () => void {
  process.on('SIGHUP', listener);
  return () => process.off('SIGHUP', listener);
}
