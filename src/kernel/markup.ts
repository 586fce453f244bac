/** Text that is already safe to be part of an HTML or XML document. Only `html` and `trusted` make one. */
export class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** What may stand in a template: plain text is escaped, markup is kept, lists are joined, and nothing prints nothing. */
export type Fragment = Markup | string | number | bigint | false | null | undefined | readonly Fragment[];

/**
 * Builds HTML that cannot be broken out of: every value is escaped for element content and for double-quoted
 * attributes. Attribute values must be quoted in the template; the five characters escaped suffice for both places.
 */
export function html(literals: TemplateStringsArray, ...values: readonly Fragment[]): Markup {
  let text = literals[0] ?? '';
  for (const [index, value] of values.entries()) text += render(value) + (literals[index + 1] ?? '');
  return new Markup(text);
}

/** Vouches for text of our own, such as a style sheet read from a file. Never for anything that came from outside. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

function render(value: Fragment): string {
  if (value instanceof Markup) return value.toString();
  if (value === null || value === undefined || value === false) return '';
  if (Array.isArray(value)) return value.map(render).join('');
  return escape(String(value));
}

const NEEDS_ESCAPE = /[&<>"']/;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return NEEDS_ESCAPE.test(text) ? text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '') : text;
}
