/** A part of an address as it is meant; one with a lone per cent sign, as many passwords have it, means itself. */
export function percentDecoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
