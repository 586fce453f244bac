/** What a check found out. What it could not find out is left out, and fails the condition that asks for it. */
export interface Observed {
  readonly connected: boolean;
  readonly responseTimeMs?: number;
  readonly status?: number;
  readonly certificateExpiresInMs?: number;
  /**
   * Null when the registry of the domain did not say. That is the registry's failure and says nothing about the target,
   * so a condition on it then counts as met, and is shown as not found out: nobody is woken, nobody is deceived.
   */
  readonly domainExpiresInMs?: number | null;
  /** The address that answered. */
  readonly ip?: string;
  readonly dnsRcode?: string;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The body goes on, but was not read any further. */
  readonly isBodyCut?: boolean;
  /** When it was observed, epoch milliseconds: what `age(…)` counts from. */
  readonly at?: number;
  /** What was sent and is nobody else's business: an answer that says any of it back is not shown. */
  readonly secrets?: readonly string[];
  /** What earlier steps kept. Never shown, wherever it turns up. */
  readonly context?: ReadonlyMap<string, unknown>;
}
