import { randomBytes } from 'node:crypto';
import type { Clock } from '../kernel/clock.ts';
import type { Ids } from '../kernel/ids.ts';

const TIME_DIGITS = 9;
const CHANCE_BYTES = 8;

/** Time first, in a fixed number of base-36 digits, so that ids sort by age; then 64 bits of chance. */
export function createSystemIds(clock: Clock): Ids {
  return {
    next(prefix) {
      const time = clock.now().toString(36).padStart(TIME_DIGITS, '0');
      const chance = randomBytes(CHANCE_BYTES).readBigUInt64BE().toString(36).padStart(13, '0');
      return `${prefix}_${time}${chance}`;
    },
    secret: (bytes) => randomBytes(bytes).toString('base64url'),
  };
}
