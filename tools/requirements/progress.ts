import type { Proof } from './reporter.ts';
import { isAskedFor, type Requirement } from './requirement.ts';

export interface Progress {
  readonly requirement: Requirement;
  /** By kind: the files whose tests prove it, in order. */
  readonly proven: ReadonlyMap<string, readonly string[]>;
  readonly missing: readonly string[];
  readonly state: 'done' | 'begun' | 'open';
}

/** How far each requirement is. A claim with one failing test is not proven, however many others pass. */
export function progressOf(requirements: readonly Requirement[], proofs: readonly Proof[]): readonly Progress[] {
  const stray = proofs.find(({ claim }) => !isAskedFor(claim, requirements));
  if (stray !== undefined) {
    throw new Error(`No requirement asks for ${stray.claim}, which "${stray.test}" in ${stray.file} claims.`);
  }
  return requirements.map((requirement) => {
    const kinds = requirement.kinds.split('');
    const files = kinds.map((kind) => [kind, filesProving(`${requirement.id}/${kind}`, proofs)] as const);
    const proven = new Map(files.filter(([, found]) => found.length > 0));
    const missing = kinds.filter((kind) => !proven.has(kind));
    return { requirement, proven, missing, state: stateOf(proven.size, missing.length) };
  });
}

function filesProving(claim: string, proofs: readonly Proof[]): readonly string[] {
  const about = proofs.filter((proof) => proof.claim === claim);
  if (about.some(({ passed }) => !passed)) return [];
  return [...new Set(about.map(({ file }) => file))].toSorted();
}

function stateOf(proven: number, missing: number): Progress['state'] {
  if (missing === 0) return 'done';
  return proven > 0 ? 'begun' : 'open';
}

export function count(progress: readonly Progress[], state: Progress['state']): number {
  return progress.filter((each) => each.state === state).length;
}
