import * as z from 'zod';
import { defineMonitor } from '../monitor-type.ts';

const ManualSettings = z.strictObject({
  manual: z.literal(true).describe('Always true: people say how it is, with `evenkeel monitor set`.'),
});

export const manual = defineMonitor({
  type: 'manual',
  summary: 'Is what people say it is, until they say something else.',
  example: 'phones: { manual: true }',
  testedAgainst: 'people',
  settings: ManualSettings,
  isPush: true,
  isToldByPeople: true,
  target: () => 'what people say',
  // What nobody has said anything about is unknown.
  async check(_settings, { said }) {
    const word = said();
    if (word === null) return undefined;
    const { state, because, by } = word;
    return state === 'up' ? { state } : { state, reason: because ?? `${by} says that it is ${state}.` };
  },
});
