import type { AffectedDay, Uptime } from './component-history.ts';
import type { PublicComponent } from './view.ts';
import type { Voice } from './voice.ts';
import type { Wording } from './wording.ts';

const EVENTS_SPOKEN_MAX = 3;
/** A measurement that misses less than this is whole to any reader: a restart of ours takes seconds. */
const COVERAGE_WHOLE = 0.9995;
const COVERAGE_TINY = 0.01;

export function historyWording({
  text,
  formats,
}: Voice): Pick<Wording, 'percent' | 'coverage' | 'bars' | 'affectedDay'> {
  return { percent, coverage, bars, affectedDay };

  function percent({ ratio }: Uptime): string | null {
    return ratio === null ? null : formats.percent(ratio);
  }

  function coverage({ coverage: share, measuredSince, ratio }: Uptime): string | null {
    if (ratio === null || share >= COVERAGE_WHOLE) return null;
    if (measuredSince !== null) return text('uptime.since', { date: formats.day(measuredSince) });
    if (share < COVERAGE_TINY) return text('uptime.coverageTiny');
    return text('uptime.coverage', { percent: formats.wholePercent(share) });
  }

  function bars({ name, history: { uptime, affected } }: PublicComponent, days: number): string {
    const measured = percent(uptime);
    if (measured === null) return text('bars.label', { name, days, uptime: text('uptime.none') });
    const note = coverage(uptime);
    return [
      text('bars.label', { name, days, uptime: text('uptime.measured', { percent: measured }) }),
      ...(note === null ? [] : [`${note}.`]),
      eventsOf(affected),
    ].join(' ');
  }

  function eventsOf(affected: readonly AffectedDay[]): string {
    const count = new Set(affected.map(({ startsAt }) => startsAt)).size;
    if (count === 0) return text('bars.quiet');
    const events = affected.slice(0, EVENTS_SPOKEN_MAX).map(affectedDay).join('; ');
    return text(affected.length > EVENTS_SPOKEN_MAX ? 'bars.latest' : 'bars.affected', { count, events });
  }

  function affectedDay({ startsAt, state, ms }: AffectedDay): string {
    const date = formats.day(startsAt);
    return text('bars.event', { date, state: text(`state.${state}`), duration: formats.duration(ms) });
  }
}
