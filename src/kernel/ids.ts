/** Chance as a dependency: names for new things, and secrets nobody can guess. */
export interface Ids {
  /** A new id such as `tok_01jd…`: ids made later sort later. */
  next(prefix: string): string;
  /** `bytes` of fresh randomness from the system's secure source, as base64url. */
  secret(bytes: number): string;
}
