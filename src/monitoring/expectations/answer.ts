import { type Asked, type Placeholder, type Reference } from './condition.ts';
import type { Observed } from './observed.ts';
import { asText, hide, roughly, show } from './show.ts';
import { timeOf } from './timestamp.ts';

/** What somebody answered to what is asked; what `show` says is for people and without secrets. */
export type Found =
  | { readonly isKnown: true; readonly value: unknown; readonly show: () => string }
  | {
      readonly isKnown: false;
      readonly problem: string;
      /** There is just nothing there, which `has(…)` asks about. */
      readonly isAbsent?: boolean;
      /** Somebody else than the target failed to answer. */
      readonly isExcused?: boolean;
    };

/** Finds in one answer whatever conditions ask for; its body is parsed once, however many ask. */
export interface Answer {
  readonly of: (asked: Asked) => Found;
}

const HIDDEN = '(hidden)';
const CUT = 'is not there because the body is longer than what was read of it';
const NO_JSON = 'is not there because the body is not JSON';

export function answerFrom(observed: Observed): Answer {
  let parsed: { readonly json: unknown } | undefined;
  const json = (body: string) => (parsed ??= { json: parse(body) }).json;
  const find = (reference: Reference) =>
    discreet(FIND[reference.placeholder](observed, reference.path, json), observed);
  return {
    of(asked) {
      if (asked.kind === 'placeholder') return find(asked);
      const found = find(asked.of);
      if (asked.name === 'has') return presenceOf(found);
      if (!found.isKnown) return found;
      return asked.name === 'age' ? ageOf(found.value, observed.at) : countOf(asked.of, found.value, json);
    },
  };
}

/** What earlier steps kept is shown under its name; whatever else was sent is not shown at all. */
function discreet(found: Found, { secrets = [], context = new Map() }: Observed): Found {
  if (!found.isKnown || secrets.length === 0) return found;
  const text = hide(asText(found.value), context);
  return secrets.some((secret) => secret !== '' && text.includes(secret)) ? { ...found, show: () => HIDDEN } : found;
}

type Find = (observed: Observed, path: Reference['path'], json: (body: string) => unknown) => Found;

const FIND: Readonly<Record<Placeholder, Find>> = {
  STATUS: ({ status }) => known(status, String),
  RESPONSE_TIME: ({ responseTimeMs }) => known(responseTimeMs, roughly),
  CERTIFICATE_EXPIRATION: ({ certificateExpiresInMs }) => known(certificateExpiresInMs, roughly),
  DOMAIN_EXPIRATION({ domainExpiresInMs }) {
    if (domainExpiresInMs !== null) return known(domainExpiresInMs, roughly);
    return { isKnown: false, problem: 'could not be found out', isExcused: true };
  },
  CONNECTED: ({ connected }) => known(connected, String),
  IP: ({ ip }) => known(ip, String),
  DNS_RCODE: ({ dnsRcode }) => known(dnsRcode, String),
  HEADERS({ headers, context }, [name]) {
    if (headers === undefined) return known(undefined, String);
    const header = String(name).toLowerCase();
    return Object.hasOwn(headers, header) ? known(headers[header], (value) => show(value, context)) : absent();
  },
  BODY({ body, isBodyCut = false, context }, path, json) {
    if (body === undefined) return known(body, String);
    if (path.length === 0) return known(body.trim(), (text) => show(text, context));
    const root = json(body);
    if (root === undefined) return isBodyCut ? { isKnown: false, problem: CUT } : { ...absent(), problem: NO_JSON };
    return inJson(root, path, (value) => show(value, context));
  },
  CONTEXT({ context }, [name, ...path]) {
    const key = String(name);
    return context?.has(key) === true ? inJson(context.get(key), path, () => HIDDEN) : absent();
  },
};

function inJson(root: unknown, path: Reference['path'], print: (value: unknown) => string): Found {
  let at = root;
  for (const step of path) {
    // An own property only: `[BODY].constructor` is not something the server said.
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return absent();
    at = Reflect.get(at, step);
  }
  return { isKnown: true, value: at, show: () => print(at) };
}

function known<T>(value: T | undefined, print: (value: T) => string): Found {
  return value === undefined
    ? { isKnown: false, problem: 'is not known' }
    : { isKnown: true, value, show: () => print(value) };
}

function absent(): Found & { readonly isKnown: false } {
  return { isKnown: false, problem: 'is missing', isAbsent: true };
}

/** Nothing is there either where null or an empty body is. */
function presenceOf(found: Found): Found {
  if (!found.isKnown && found.isAbsent !== true) return found;
  return known(found.isKnown && found.value !== null && found.value !== '', String);
}

function ageOf(value: unknown, at: number | undefined): Found {
  const time = timeOf(value);
  if (time === undefined || at === undefined) return { isKnown: false, problem: 'is not known: it is not a time' };
  return known(at - time, roughly);
}

function countOf({ placeholder, path }: Reference, value: unknown, json: (body: string) => unknown): Found {
  // The whole body is a text, unless that text is a list.
  const whole = placeholder === 'BODY' && path.length === 0 ? json(String(value)) : undefined;
  const length = lengthOf(Array.isArray(whole) ? whole : value);
  return { isKnown: true, value: length, show: () => (placeholder === 'CONTEXT' ? HIDDEN : String(length)) };
}

function lengthOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return Array.from(typeof value === 'string' ? value : JSON.stringify(value)).length;
}

/** Undefined when it is not JSON, which no JSON is. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
