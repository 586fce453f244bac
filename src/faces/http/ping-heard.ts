import { EvenkeelError } from '../../kernel/errors.ts';
import type { Monitoring, Told } from '../../monitoring/index.ts';

/** Hands on what a job says; false when nobody waits for it. Each protocol has its own way to say that. */
export async function hasBeenHeard(
  monitoring: Pick<Monitoring, 'recordPing'>,
  key: string,
  told: Told,
): Promise<boolean> {
  try {
    await monitoring.recordPing(key, told);
    return true;
  } catch (error) {
    if (error instanceof EvenkeelError && error.code === 'PING_KEY_UNKNOWN') return false;
    throw error;
  }
}
