import { asText } from '../expectations/show.ts';

export type Kept = ReadonlyMap<string, unknown>;

/** A text with places where kept values go, such as `Bearer [CONTEXT].token`. */
export interface Template {
  readonly names: readonly string[];
  /** The text with every place filled; `print` says how a value is written there. */
  readonly fill: (kept: Kept, print: (value: unknown, place: Place) => string) => string;
}

export interface Place {
  /** Whether an odd number of quotes stands before it: it is inside a text in JSON. */
  readonly isQuoted: boolean;
}

export const KEPT_NAME = /^[A-Za-z_][\w-]*$/;
const REFERENCE = /\[CONTEXT\]\.(?<name>[A-Za-z_][\w-]*)/g;

export function templateOf(text: string): Template {
  const found = [...text.matchAll(REFERENCE)].map(({ index, groups = {}, 0: { length } }) => ({
    name: groups['name'] ?? '',
    from: index,
    to: index + length,
    isQuoted: isQuotedAt(text, index),
  }));
  return {
    names: [...new Set(found.map(({ name }) => name))],
    fill(kept, print) {
      let filled = '';
      let at = 0;
      for (const { name, from, to, isQuoted } of found) {
        filled += text.slice(at, from) + print(kept.get(name), { isQuoted });
        at = to;
      }
      return filled + text.slice(at);
    },
  };
}

function isQuotedAt(text: string, end: number): boolean {
  let isQuoted = false;
  for (let at = 0; at < end; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') isQuoted = !isQuoted;
  }
  return isQuoted;
}

/** Undefined when the value would lead elsewhere than the template: an address keeps its host and its depth. */
export function fillAddress(written: string, template: Template, kept: Kept): string | undefined {
  const filled = template.fill(kept, (value) => encodeURIComponent(asText(value).toWellFormed()));
  const [before, after] = [URL.parse(written), URL.parse(filled)];
  // `..` is no less a step upwards for being encoded (https://url.spec.whatwg.org/#double-dot-path-segment).
  const isSame = before !== null && after?.origin === before.origin && depthOf(after) === depthOf(before);
  return isSame ? filled : undefined;
}

function depthOf({ pathname }: URL): number {
  return pathname.split('/').length;
}

/** A text as it is; in a body that is a list or an object of JSON, as JSON has it. */
export function fillBody(template: Template, kept: Kept): string {
  if (!isJson(template.fill(kept, () => '0'))) return template.fill(kept, asText);
  return template.fill(kept, (value, { isQuoted }) =>
    isQuoted ? JSON.stringify(asText(value)).slice(1, -1) : JSON.stringify(value),
  );
}

function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
