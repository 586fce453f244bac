const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
const EPOCH = /^\d{9,14}(?:\.\d+)?$/;
/** Seconds reach this in the year 5138, milliseconds did in 1973. */
const MILLISECONDS_FROM = 100_000_000_000;

/**
 * Epoch milliseconds of a time as servers write it: RFC 3339, ISO 8601 (in UTC unless it says so), the date of HTTP
 * (RFC 9110 §5.6.7), or seconds or milliseconds since 1970. Undefined when it is none of these.
 */
export function timeOf(value: unknown): number | undefined {
  if (typeof value === 'number') return fromEpoch(value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (EPOCH.test(text)) return fromEpoch(Number(text));
  if (HTTP_DATE.test(text)) return known(Date.parse(text));
  return fromIso(text);
}

function fromEpoch(amount: number): number | undefined {
  if (!Number.isFinite(amount) || amount < 0) return undefined;
  return amount < MILLISECONDS_FROM ? amount * 1000 : amount;
}

function fromIso(text: string): number | undefined {
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    return fromLocalIso(text);
  }
}

function fromLocalIso(text: string): number | undefined {
  try {
    return Temporal.PlainDateTime.from(text).toZonedDateTime('UTC').epochMilliseconds;
  } catch {
    return undefined;
  }
}

function known(ms: number): number | undefined {
  return Number.isNaN(ms) ? undefined : ms;
}
