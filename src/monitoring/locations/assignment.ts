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
  const service = written.services[name];
  if (service !== undefined) return { name, section: 'services', entry: only(SERVICE_KEYS, service), ...timing };
  const monitor = written.monitors[name];
  const keys = Object.keys(monitorTypes.get(type).settings.shape);
  return monitor && { name, section: 'monitors', entry: only(keys, monitor), ...timing };
}

function only(keys: readonly string[], entry: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(entry).filter(([key]) => keys.includes(key)));
}

const SECRET_KEY = /authorization|cookie|token|secret|passw|api[-_]?key|credential/i;
/** `//user:password@`, where the password is no reference; up to the last `@`, as in badly encoded ones. */
const PASSWORD = /\/\/[^\s/@:]*:(?!\$\{)[^\s"'`]{1,200}@/;
/** `?token=…` and its like. */
const SECRET_PARAMETER = /[?&][\w-]*(?:token|key|secret|passw|signature|sig)[\w-]*=(?!\$\{)[^&#\s]/i;

/** The keys that lead to a text in which a secret seems to be written out. */
function secretWrittenIn(value: unknown, path: readonly string[] = []): readonly string[] | undefined {
  if (typeof value === 'string') return isSecret(value, path.at(-1) ?? '') ? path : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const found = secretWrittenIn(inner, [...path, key]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isSecret(text: string, key: string): boolean {
  const isNamedSo = SECRET_KEY.test(key) && !text.includes('${');
  return isNamedSo || PASSWORD.test(text) || SECRET_PARAMETER.test(text);
}
