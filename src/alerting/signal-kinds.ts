/** What kind of thing a signal is about; it stands before the colon of the fingerprint. */
const KINDS = ['monitor', 'backup', 'proof', 'coverage', 'threshold', 'objective', 'budget'] as const;
export type SignalKind = (typeof KINDS)[number];

/** Names what fails, e.g. `monitor:api`: whoever fails twice is one signal. */
export type Fingerprint = `${SignalKind}:${string}`;

export function kindOf(fingerprint: Fingerprint): SignalKind {
  return KINDS.find((kind) => fingerprint.startsWith(`${kind}:`)) ?? 'monitor';
}

/** The name behind the colon. */
export function nameOf(fingerprint: Fingerprint): string {
  return fingerprint.slice(fingerprint.indexOf(':') + 1);
}

/** Names of monitors and rules hold no spaces, so the parts of `threshold:host disk-space disk:/var` stay apart. */
export function thresholdOf(monitor: string, rule: string, reading: string): Fingerprint {
  return `threshold:${monitor} ${rule} ${reading}`;
}

/** The monitor a threshold is about, and the rest of its fingerprint. */
export function partsOfThreshold(fingerprint: Fingerprint): { readonly monitor: string; readonly rest: string } {
  const name = nameOf(fingerprint);
  const end = name.indexOf(' ');
  return { monitor: name.slice(0, end), rest: name.slice(end + 1) };
}

export const backupCause = (service: string) => `backup of ${service}`;

const SUBJECTS: Readonly<Record<SignalKind, (fingerprint: Fingerprint) => string>> = {
  monitor: nameOf,
  backup: (fingerprint) => backupCause(nameOf(fingerprint)),
  proof: (fingerprint) => `restore of ${nameOf(fingerprint)}`,
  coverage: (fingerprint) => `coverage of ${nameOf(fingerprint)}`,
  threshold(fingerprint) {
    const { monitor, rest } = partsOfThreshold(fingerprint);
    return `${rest.slice(rest.indexOf(' ') + 1).replace(':', ' ')} of ${monitor}`;
  },
  objective: (fingerprint) => `objective ${nameOf(fingerprint)}`,
  budget: (fingerprint) => `error budget of ${nameOf(fingerprint)}`,
};

/** What people call it: `api`, `backup of db`, `disk /var of host`. */
export function subjectOf(fingerprint: Fingerprint): string {
  return SUBJECTS[kindOf(fingerprint)](fingerprint);
}
