import { HERE, type Monitor } from '../monitor.ts';
import { monitorTypes } from '../types/index.ts';

/** The manifest as it is written, before `${NAME}` was filled in. */
export interface WrittenManifest {
  readonly services: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly monitors: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

type Section = WrittenManifest['services'];

/** Of a manifest that was found to be right; anything else has nothing in it. */
export function writtenManifest(data: unknown): WrittenManifest {
  const { services = {}, monitors = {} } = Object(data);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the schema of the manifest says so
  return { services: services as Section, monitors: monitors as Section };
}

/** What a probe has to check. */
export interface Assignment {
  readonly monitors: readonly AssignedMonitor[];
  /** What it is not told of, because a secret is written out in it. */
  readonly withheld: readonly { readonly monitor: string; readonly reason: string }[];
}

export interface AssignedMonitor {
  readonly name: string;
  readonly section: 'services' | 'monitors';
  /** A piece of the manifest: what the check needs, as it is written there. */
  readonly entry: Readonly<Record<string, unknown>>;
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

/** Of a service, what says where it answers. */
const SERVICE_KEYS = ['url', 'health', 'engine'];
/** What came in through the API reaches the internet only, from wherever it is checked. */
const ORIGIN_KEY = 'added_by';

/** Only what names this place, and of that only what is written: the values of variables stay where they are. */
export function assignmentOf(location: string, monitors: readonly Monitor[], written: WrittenManifest): Assignment {
  const assigned = monitors
    .filter(({ locations }) => location !== HERE && locations.includes(location))
    .flatMap((monitor) => assignedOf(monitor, written) ?? []);
  return {
    monitors: assigned.filter(({ entry }) => secretWrittenIn(entry) === undefined),
    withheld: assigned.flatMap(({ name, section, entry }) => {
      const place = secretWrittenIn(entry);
      if (place === undefined) return [];
      const key = [section, name, ...place].join('.');
      return [{ monitor: name, reason: `${key} has a secret written out: put it into a variable, as \${NAME}.` }];
    }),
  };
}

function assignedOf(
  { name, type, intervalMs, timeoutMs }: Monitor,
  written: WrittenManifest,
): AssignedMonitor | undefined {
  const timing = { intervalMs, timeoutMs };
  const service = entryOf(name, written.services);
  if (service !== undefined) return { name, section: 'services', entry: only(SERVICE_KEYS, service), ...timing };
  const monitor = entryOf(name, written.monitors);
  const keys = [...Object.keys(monitorTypes.get(type).settings.shape), ORIGIN_KEY];
  return monitor && { name, section: 'monitors', entry: only(keys, monitor), ...timing };
}

/** A monitor may be called `constructor`. */
function entryOf(name: string, section: Section): Section[string] | undefined {
  return Object.hasOwn(section, name) ? section[name] : undefined;
}

function only(keys: readonly string[], entry: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(entry).filter(([key]) => keys.includes(key)));
}

const SECRET_KEY = /auth|cookie|session|token|secret|passw|key|credential|signature/i;
/** Below these, people choose the names, and what they name are places to read from. */
const KEYS_OF_NAMES: ReadonlySet<string> = new Set(['keep', 'read']);
/** `${NAME}`, whose fallback is written out, and what an earlier step has kept. `$${` is no reference. */
const REFERENCE = /(?<!\$)\$\{[^}]*?(?::-(?<fallback>[^}]*))?\}|\[CONTEXT\]\.[\w-]+/g;
/** Stands for a reference in the patterns below; no manifest has it. */
const REFERRED = '\0';
const WRITTEN_OUT = [
  // `//user:password@`, up to the last `@`, as in badly encoded ones.
  /\/\/[^\s/@:]*:(?!\0)[^\s"'`]{1,200}@/,
  // `//key@`, as services that report errors have it.
  /\/\/[\w-]{16,}@/,
  // `?token=…` and its like, also in a form.
  /(?:^|[?&])[\w-]*(?:token|key|secret|passw|signature|sig)[\w-]*=(?!\0)[^&#\s]/i,
  // `"password": "…"` in JSON.
  /"[\w-]*(?:token|secret|passw|api[-_]?key|credential)[\w-]*"\s*:\s*"(?!\0)[^"]/i,
  /\b(?:bearer|basic)\s+[\w.~+/-]{8}/i,
];

/** The keys that lead to a text in which a secret seems to be written out. */
function secretWrittenIn(value: unknown, path: readonly string[] = []): readonly string[] | undefined {
  const key = path.at(-1) ?? '';
  if (typeof value === 'string') return isSecret(value, key) ? path : undefined;
  if (typeof value !== 'object' || value === null || KEYS_OF_NAMES.has(key)) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    const found = secretWrittenIn(inner, [...path, name]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isSecret(written: string, key: string): boolean {
  const text = written.replaceAll(REFERENCE, (_reference, fallback?: string) => fallback ?? REFERRED);
  const isNamedSo = SECRET_KEY.test(key) && text !== '' && !text.includes(REFERRED);
  return isNamedSo || WRITTEN_OUT.some((pattern) => pattern.test(text));
}
