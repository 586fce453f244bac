/** Where the proof of a finding stands, for a person to look it up. */
export interface Evidence {
  /** Relative to the folder that was looked at, with `/`. */
  readonly file: string;
  /** Counts from 1. */
  readonly line: number;
}

/** One thing that a file says about the application, and the proof of it. */
export interface Finding {
  /** What it is about, e.g. `service api`. */
  readonly what: string;
  /** A sentence without its full stop, e.g. `compose.yaml:4 builds it from ./api`. Free of values that may be secret. */
  readonly why: string;
  readonly evidence: Evidence;
  readonly certainty: Certainty;
  readonly subject: Subject;
  readonly fact: Fact;
}

/** `written`: it stands there. `likely`: the code seems to say so. `habit`: most others do it that way. */
export const CERTAINTIES = ['written', 'likely', 'habit'] as const;
export type Certainty = (typeof CERTAINTIES)[number];

/** What a finding is about. The same part is often named differently in two files; its folder or engine joins them. */
export interface Subject {
  /** Used when nothing else names it. */
  readonly name: string;
  /** True when this file decides the name, so that two names are two parts even when they share a folder. */
  readonly isNamed?: boolean;
  /** The folder of its code, relative, `.` for the folder itself. */
  readonly source?: string;
  /** Set when the subject is "the database of this kind", whatever it is called. */
  readonly engine?: string;
}

export type Fact =
  /** The whole application has this name. */
  | { readonly kind: 'app'; readonly name: string }
  /** It is a part of the application. */
  | { readonly kind: 'part' }
  /** It runs once and ends, such as a migration: there is nothing to watch. */
  | { readonly kind: 'once' }
  | { readonly kind: 'engine'; readonly engine: string }
  /** It answers on this port of this machine; `null` says that it can only be reached from other containers. */
  | { readonly kind: 'port'; readonly port: number | null; readonly protocol: 'http' | 'tcp' }
  /** A path that answers whether it works. */
  | { readonly kind: 'health'; readonly path: string }
  /** It cannot work without that part. */
  | { readonly kind: 'needs'; readonly service: string }
  | { readonly kind: 'needs engine'; readonly engine: string }
  /** Its address is in this variable of the environment. */
  | { readonly kind: 'variable'; readonly variable: string };

export interface Proof {
  readonly evidence: Evidence;
  /** What the file does there, e.g. `publishes port 80`. */
  readonly verb: string;
  readonly certainty?: Certainty;
}

/** `publishes port 80` in line 4 of compose.yaml becomes the sentence `compose.yaml:4 publishes port 80`. */
export function conclude(subject: Subject, fact: Fact, { evidence, verb, certainty = 'written' }: Proof): Finding {
  return {
    what: fact.kind === 'app' ? 'app' : `service ${subject.name}`,
    why: shown(`${evidence.file}:${evidence.line} ${verb}`),
    evidence,
    certainty,
    subject,
    fact,
  };
}

const SHOWN_CHARS_MAX = 120;

/** Names in foreign files may hold anything; here they become one line of a comment. */
export function shown(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters and turns of the direction are what has to go
  const line = text.replaceAll(/[\u0000-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069\uFEFF]+/g, ' ').trim();
  return line.length > SHOWN_CHARS_MAX ? `${line.slice(0, SHOWN_CHARS_MAX)}…` : line;
}

const NAME_CHARS_MAX = 63;

/** The nearest name that the manifest accepts for a service: letters, digits, hyphens and underscores. */
export function serviceName(text: string): string {
  const name = text
    .slice(0, NAME_CHARS_MAX)
    .replaceAll(/[^A-Za-z0-9_-]+/g, '-')
    .replaceAll(/^[-_]+|[-_]+$/g, '');
  return name === '' ? 'app' : name;
}

const PORT_MAX = 65_535;

/** Undefined for what is no port, so that a wrong guess at a text stays without consequences. */
export function portNumber(text: string | undefined): number | undefined {
  const port = /^\d{2,5}$/.test(text ?? '') ? Number(text) : 0;
  return port > 0 && port <= PORT_MAX ? port : undefined;
}

export function present<Item>(items: readonly (Item | undefined)[]): readonly Item[] {
  return items.filter((item) => item !== undefined);
}
