/**
 * What this machine says, or the signal's reason if that comes first: a disk whose server is gone keeps every question
 * waiting, and none of them can be taken back.
 */
export function beforeDeadline<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: deadline, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  return Promise.race([work, deadline]).finally(() => signal.removeEventListener('abort', abort));
}
