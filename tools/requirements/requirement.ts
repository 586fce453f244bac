import all from './requirements.json' with { type: 'json' };

/** What a proof of a kind shows: behaviour at run time, what is generated, what is audited, what is written down. */
export const KINDS = {
  R: 'runtime feature',
  A: 'generated artefact',
  U: 'audited rule',
  D: 'document or runbook',
} as const;

export interface Requirement {
  readonly id: string;
  readonly capability: string;
  /** Letters of `KINDS`: it is done when each of them has a passing test. */
  readonly kinds: string;
  readonly text: string;
}

export const REQUIREMENTS: readonly Requirement[] = all;

const MARK = /\[(?<claim>[A-Z][A-Z\d]{2}-\d{2}\/[A-Z])\]/g;

/** The claims in a test's name: `…answers with JSON [HLT-02/R] [HLT-03/R]` claims `HLT-02/R` and `HLT-03/R`. */
export function claimsIn(name: string): readonly string[] {
  return [...name.matchAll(MARK)].map((match) => match.groups?.['claim'] ?? '');
}

/** Whether some requirement asks for this: a misspelt claim would prove nothing, unnoticed. */
export function isAskedFor(claim: string, requirements: readonly Requirement[] = REQUIREMENTS): boolean {
  const [id, kind = ''] = claim.split('/');
  return requirements.some((each) => each.id === id && each.kinds.includes(kind));
}
