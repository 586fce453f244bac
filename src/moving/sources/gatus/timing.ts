import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../../kernel/clock.ts';
import { formatDuration } from '../../../kernel/duration.ts';
import { countIn, durationIn, type Fields, fieldsIn, flagIn, isFields, listIn, textIn } from '../../fields.ts';

const CONFIRM_MAX = 20;
const TIMEOUT_MS_MIN = 100;
const TIMEOUT_MS_MAX = 5 * MINUTE_MS;
/** What Gatus takes when nobody says it. */
const USUAL = { down: 3, up: 2 };

/** The alerts of one endpoint that are on, with what their providers say where they say nothing themselves. */
export function alertsOf(endpoint: Fields, alerting: Fields): readonly Fields[] {
  const written = listIn(endpoint, 'alerts').filter(isFields);
  return written
    .map((alert) => {
      const provider = fieldsIn(alerting, textIn(alert, 'type') ?? '') ?? {};
      return { ...fieldsIn(provider, 'default-alert'), ...alert };
    })
    .filter((alert) => flagIn(alert, 'enabled') !== false);
}

export interface Timing {
  readonly keys: { readonly every: string; readonly timeout?: string; readonly confirm?: Confirm };
  readonly notes: readonly string[];
}

type Confirm = { readonly down: number; readonly up: number };

/** `usualMs` is how often it is done when nothing is said; `timeoutMs` how long it may take, if that is said. */
export function timingOf(
  fields: Fields,
  alerts: readonly Fields[],
  { usualMs, timeoutMs }: { readonly usualMs: number; readonly timeoutMs: number | undefined },
): Timing {
  const wishedMs = durationIn(fields, 'interval') ?? usualMs;
  const everyMs = Math.min(Math.max(wishedMs, SECOND_MS), DAY_MS);
  const longestMs = Math.min(everyMs, TIMEOUT_MS_MAX);
  const confirm = confirmOf(alerts);
  return {
    keys: {
      every: formatDuration(everyMs),
      ...(timeoutMs !== undefined && {
        timeout: formatDuration(Math.max(Math.min(timeoutMs, longestMs), TIMEOUT_MS_MIN)),
      }),
      ...(confirm !== undefined && { confirm }),
    },
    notes: [
      ...(everyMs === wishedMs
        ? []
        : [`Gatus asked every ${formatDuration(wishedMs)}; here it is ${formatDuration(everyMs)}.`]),
      ...(timeoutMs !== undefined && timeoutMs > longestMs
        ? [
            `Gatus waited ${formatDuration(timeoutMs)} for it; here it is ${formatDuration(longestMs)}, never longer than \`every\`.`,
          ]
        : []),
    ],
  };
}

/** The first alert decides: here a state is made sure once, and then everybody is told. */
function confirmOf(alerts: readonly Fields[]): Confirm | undefined {
  if (alerts.length === 0) return undefined;
  const least = (key: string, usual: number) => {
    const counts = alerts.map((alert) => countIn(alert, key) ?? 0).map((count) => (count > 0 ? count : usual));
    return Math.min(...counts, CONFIRM_MAX);
  };
  return { down: least('failure-threshold', USUAL.down), up: least('success-threshold', USUAL.up) };
}
