import { type Engine, engineNamed } from './engines.ts';
import { CERTAINTIES, type Fact, type Finding, type Subject, serviceName } from './finding.ts';

/** What all findings together say about one part of the application. */
export interface Part {
  readonly name: string;
  readonly source: string | undefined;
  /** Every finding the manifest rests on; the first of a kind is the one that counts. */
  readonly findings: readonly Finding[];
  readonly needs: readonly string[];
}

export interface Survey {
  readonly app: string;
  readonly parts: readonly Part[];
}

interface Draft {
  readonly name: string;
  readonly source: string | undefined;
  readonly findings: Finding[];
}

/** Joins what several files say about the same part, and drops what is no part of a running application. */
export function survey(findings: readonly Finding[], folderName: string): Survey {
  const drafts = draftsOf(findings);
  const running = drafts.filter((draft) => isPart(draft) && draft.findings.every(({ fact }) => fact.kind !== 'once'));
  const parts: Part[] = [];
  for (const draft of running) {
    // Files may claim circles; the manifest does not know them, because a failure must have a first cause.
    const needs = needsOf(draft, running).filter((needed) => !reaches(parts, needed, draft.name));
    parts.push({ ...draft, needs });
  }
  return { app: appName(findings, folderName), parts };
}

/** The finding of this kind that counts: what is written before what is likely before what is habit. */
export function strongest<Kind extends Fact['kind']>(
  findings: readonly Finding[],
  kind: Kind,
): (Finding & { readonly fact: Extract<Fact, { kind: Kind }> }) | undefined {
  return findings
    .filter(
      (finding): finding is Finding & { readonly fact: Extract<Fact, { kind: Kind }> } => finding.fact.kind === kind,
    )
    .toSorted((a, b) => CERTAINTIES.indexOf(a.certainty) - CERTAINTIES.indexOf(b.certainty))[0];
}

export function engineOf({ findings }: Pick<Part, 'findings'>): Engine | undefined {
  const engine =
    strongest(findings, 'engine')?.fact.engine ?? findings.find(({ subject }) => subject.engine)?.subject.engine;
  return engine === undefined ? undefined : engineNamed(engine);
}

function draftsOf(findings: readonly Finding[]): readonly Draft[] {
  const drafts: Draft[] = [];
  const join = (finding: Finding) => {
    const { subject } = finding;
    const known = subject.engine === undefined ? find(drafts, subject) : findEngine(drafts, subject.engine, finding);
    if (known !== undefined) known.findings.push(finding);
    else drafts.push({ name: freeName(subject.name, drafts), source: subject.source, findings: [finding] });
  };
  const about = findings.filter(({ fact }) => fact.kind !== 'app');
  for (const finding of about.filter(({ subject }) => subject.engine === undefined)) join(finding);
  // A client without a server: there must be one somewhere.
  for (const finding of drafts.flatMap((draft) => draft.findings)) {
    if (finding.fact.kind !== 'needs engine' || findEngine(drafts, finding.fact.engine, finding) !== undefined)
      continue;
    const { engine } = finding.fact;
    const name = engineNamed(engine)?.name ?? engine;
    join({ ...finding, what: `service ${name}`, subject: { name, engine }, fact: { kind: 'part' } });
  }
  for (const finding of about.filter(({ subject }) => subject.engine !== undefined)) join(finding);
  return drafts;
}

function find(drafts: readonly Draft[], { name, isNamed, source }: Subject): Draft | undefined {
  const named = drafts.find((draft) => draft.name === name);
  if (isNamed === true || source === undefined || named?.source === source) return named;
  const sharing = drafts.filter((draft) => draft.source === source);
  // Of several services built from one folder, the one with a port is the one that answers requests.
  return sharing.find(({ findings }) => typeof strongest(findings, 'port')?.fact.port === 'number') ?? sharing[0];
}

function findEngine(drafts: readonly Draft[], engine: string, { certainty }: Finding): Draft | undefined {
  const wanted = engineNamed(engine);
  const candidates = drafts.flatMap((draft) => {
    const own = engineOf(draft);
    return own === undefined ? [] : [{ draft, own }];
  });
  const found =
    candidates.find(({ own }) => own.engine === engine) ??
    candidates.find(({ own }) => own.port === wanted?.port) ??
    // A DATABASE_URL that does not say of what: any database will do.
    (certainty === 'written' ? undefined : candidates.find(({ own }) => own.name === wanted?.name));
  return found?.draft;
}

function freeName(wanted: string, drafts: readonly Draft[]): string {
  const taken = new Set(drafts.map(({ name }) => name));
  for (let number = 2, name = wanted; ; number += 1) {
    if (!taken.has(name)) return name;
    name = `${wanted}-${number}`;
  }
}

function isPart({ findings }: Draft): boolean {
  return findings.some(({ fact }) => fact.kind === 'part' || fact.kind === 'variable');
}

function reaches(parts: readonly Part[], from: string, target: string): boolean {
  const seen = new Set<string>();
  const pending = [from];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (name === target) return true;
    if (seen.has(name)) continue;
    seen.add(name);
    pending.push(...(parts.find((part) => part.name === name)?.needs ?? []));
  }
  return false;
}

function needsOf({ name, findings }: Draft, drafts: readonly Draft[]): readonly string[] {
  const needed = findings.flatMap((finding) => {
    const { fact } = finding;
    if (fact.kind === 'needs') return drafts.filter((draft) => draft.name === fact.service);
    if (fact.kind === 'needs engine') return findEngine(drafts, fact.engine, finding) ?? [];
    return [];
  });
  return [...new Set(needed.map((draft) => draft.name))].filter((other) => other !== name);
}

function appName(findings: readonly Finding[], folderName: string): string {
  const name = strongest(findings, 'app')?.fact.name ?? folderName;
  const plain = serviceName(name.replace(/^@[^/]*\//, ''))
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return plain === '' ? 'app' : plain;
}

/** The sentence for a comment; what somebody has to look at says so. */
export function reason({ why, certainty }: Finding): string {
  return certainty === 'written' ? `${why}.` : `Guess: ${why}.`;
}
