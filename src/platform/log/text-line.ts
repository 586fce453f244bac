const HIDDEN = new Set(['level', 'time', 'message', 'error']);

/** A JSON line as a person reads it: the time, how bad, what, and the details behind it. */
export function textLine(json: string): string {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by our own logger a moment ago
  const entry = JSON.parse(json) as Record<string, unknown>;
  const clock = String(entry['time']).slice(11, 19);
  const details = Object.entries(entry)
    .filter(([key, value]) => !HIDDEN.has(key) && value !== null)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const stack = stackOf(entry['error']);
  const head = [clock, String(entry['level']).padEnd(5), entry['message'], ...details].join('  ');
  return stack === undefined ? `${head}\n` : `${head}\n${stack}\n`;
}

function stackOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'stack' in error ? String(error.stack) : undefined;
}
