import { type Fingerprint, kindOf, nameOf, partsOfThreshold } from './signal-kinds.ts';

export interface Named {
  readonly name: string;
  /** Earlier names of the same thing. */
  readonly was: readonly string[];
}

/** What the manifest names now, of the things alerts are about. */
export interface Described {
  readonly monitors: readonly Named[];
  /** Services that are backed up. */
  readonly backups: readonly Named[];
  /** Names of objectives; without it, none of them is ever taken for gone. */
  readonly objectives?: readonly string[];
}

/** How it may be known: as it is called now, then as it was called when it began to fail. */
export function fingerprintsOf(fingerprint: Fingerprint, described: Described): readonly Fingerprint[] {
  const kind = kindOf(fingerprint);
  if (kind === 'threshold') {
    const { monitor, rest } = partsOfThreshold(fingerprint);
    return namesOf(monitor, described.monitors).map((name): Fingerprint => `threshold:${name} ${rest}`);
  }
  return namesOf(nameOf(fingerprint), thingsOf(fingerprint, described)).map((name): Fingerprint => `${kind}:${name}`);
}

/** The same for a cause; only monitors have had other names. */
export function causesOf(cause: string, { monitors }: Described): readonly string[] {
  return namesOf(cause, monitors);
}

/** Whether anything will ever be heard of it again. */
export function isDescribed(fingerprint: Fingerprint, described: Described): boolean {
  const kind = kindOf(fingerprint);
  const name = kind === 'threshold' ? partsOfThreshold(fingerprint).monitor : nameOf(fingerprint);
  if (kind === 'coverage') return true;
  if (kind === 'objective' || kind === 'budget') return described.objectives?.includes(name) ?? true;
  return thingsOf(fingerprint, described).some((thing) => thing.name === name || thing.was.includes(name));
}

const NOBODY: readonly Named[] = [];

function thingsOf(fingerprint: Fingerprint, { monitors, backups }: Described): readonly Named[] {
  const kind = kindOf(fingerprint);
  if (kind === 'monitor' || kind === 'threshold') return monitors;
  return kind === 'backup' || kind === 'proof' ? backups : NOBODY;
}

function namesOf(name: string, things: readonly Named[]): readonly string[] {
  const earlier = things.find((thing) => thing.name === name)?.was ?? [];
  // An earlier name may mean something else by now.
  return [name, ...earlier.filter((old) => things.every((thing) => thing.name !== old))];
}
