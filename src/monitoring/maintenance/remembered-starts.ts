import type { Starts } from './planned-window.ts';

/** Between two neighbours the answer is always the same: most questions are about the same few minutes. */
export function remembered(starts: Starts): Starts {
  let known: { readonly from: number; readonly latest: number | null; readonly next: number | null } | undefined;
  const around = (at: number) => {
    const isKnown = known !== undefined && at >= known.from && (known.next === null || at < known.next);
    if (isKnown && known !== undefined) return known;
    const latest = starts.latest(at);
    known = { from: latest ?? at, latest, next: starts.next(at) };
    return known;
  };
  return { latest: (at) => around(at).latest, next: (at) => around(at).next };
}
