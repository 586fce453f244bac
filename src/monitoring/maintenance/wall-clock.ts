/**
 * The instant at which the clocks of a zone show this. A time that occurs twice is the first of the two; one that the
 * clocks skip is the instant at which they do, as for cron lines here.
 */
export function instantOf(wall: Temporal.PlainDateTime, zone: string): number {
  const found = wall.toZonedDateTime(zone, { disambiguation: 'earlier' });
  if (found.toPlainDateTime().equals(wall)) return found.epochMilliseconds;
  const skipping = found.getTimeZoneTransition('next');
  return (skipping ?? found).epochMilliseconds;
}

export function wallClockOf(at: number, zone: string): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDateTime();
}
