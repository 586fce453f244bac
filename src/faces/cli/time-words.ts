import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/clock.ts';
import { formatDuration } from '../../kernel/duration.ts';

/** A duration for people: its two largest units, e.g. `3d4h`, `12m5s`, `240ms`. */
export function roughly(ms: number): string {
  const unit = unitOf(ms);
  return formatDuration(Math.max(0, Math.floor(ms / unit) * unit));
}

function unitOf(ms: number): number {
  return ms >= DAY_MS ? HOUR_MS : ms >= HOUR_MS ? MINUTE_MS : ms >= SECOND_MS ? SECOND_MS : 1;
}

/** How long ago an instant of the API (ISO 8601) was; a dash when there is none. */
export function ago(instant: string | null, now: number): string {
  return instant === null ? '-' : `${roughly(now - Date.parse(instant))} ago`;
}

/** How far away an instant to come is; a dash when there is none. */
export function until(instant: string | null, now: number): string {
  if (instant === null) return '-';
  const ms = Math.ceil((Date.parse(instant) - now) / SECOND_MS) * SECOND_MS;
  if (ms <= 0) return 'now';
  // What was asked to last two hours ends `in 2h`, not in 1h59m, because a moment has passed since.
  const unit = unitOf(ms);
  return `in ${formatDuration(Math.round(ms / unit) * unit)}`;
}

/** How long something that began at that instant has lasted; a dash when it has not begun. */
export function lasting(instant: string | null, now: number): string {
  return instant === null ? '-' : roughly(now - Date.parse(instant));
}

/** An instant of the API to the second, e.g. `2026-11-20 14:08:31Z`. */
export function instantWords(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 19)}Z`;
}

export function latencyWords(latencyMs: number | null): string {
  return latencyMs === null ? '-' : `${Math.round(latencyMs)} ms`;
}

/** `0.99954` is `99.95 %`. Rounded down, because 99.996 % is not 100 %. */
export function percentWords(ratio: number | null): string {
  return ratio === null ? '-' : `${(Math.floor(ratio * 10_000 + 1e-9) / 100).toFixed(2)} %`;
}
