import { Secret } from '../kernel/secret.ts';
import { Unlike } from './unlike.ts';
import { Reference, type TextPart, TextWithSecrets, type Written } from './written.ts';

/** How a tool writes variables into its texts. */
export type References = (text: string) => readonly TextPart[];

/** As Go's `os.ExpandEnv` has it: `$NAME` and `${NAME}`; `$$` is a dollar sign. */
export const goReferences: References = (text) => cut(text, false);

/** As Docker Compose has it: also `${NAME:-default}`. */
export const composeReferences: References = (text) => cut(text, true);

/**
 * A text in which variables stay what they are. Credentials that were taken out of it stay hidden, unless they are
 * variables themselves: then nothing is to be hidden.
 */
export function withReferences(given: string | Secret | TextWithSecrets, references: References): Written {
  const parts = given instanceof TextWithSecrets ? given.parts : [given];
  const cutUp = parts.flatMap((part) => {
    if (part instanceof Reference) return [part];
    const within = references(typeof part === 'string' ? part : part.reveal());
    if (typeof part === 'string' || within.some((each) => each instanceof Reference)) return within;
    return [new Secret(within.join(''), part.name)];
  });
  return joined(cutUp);
}

function joined(parts: readonly TextPart[]): Written {
  const [only = '', ...others] = parts;
  return others.length === 0 ? only : new TextWithSecrets(parts);
}

const DOLLAR = /\$\$|\$\{(?<inside>[^}]*)\}|\$(?<name>[A-Za-z_]\w*)/g;

function cut(text: string, takesDefaults: boolean): readonly TextPart[] {
  const parts: TextPart[] = [];
  let literal = '';
  let end = 0;
  for (const match of text.matchAll(DOLLAR)) {
    literal += text.slice(end, match.index);
    end = match.index + match[0].length;
    if (match[0] === '$$') {
      literal += '$';
      continue;
    }
    if (literal !== '') parts.push(literal);
    literal = '';
    parts.push(referenceOf(match.groups?.['name'] ?? match.groups?.['inside'] ?? '', takesDefaults));
  }
  literal += text.slice(end);
  return literal === '' && parts.length > 0 ? parts : [...parts, literal];
}

function referenceOf(inside: string, takesDefaults: boolean): Reference {
  const [, name, rest = ''] = /^([A-Za-z_]\w*)(.*)$/s.exec(inside) ?? [];
  const shown = inside.slice(0, 40);
  if (name === undefined) throw new Unlike(`\`\${${shown}}\` is no variable.`);
  if (rest === '' || (takesDefaults && /^:?\?/.test(rest))) return new Reference(name);
  const fallback = takesDefaults ? fallbackIn(name, rest) : undefined;
  if (fallback === undefined)
    throw new Unlike(`\`\${${shown}}\` is more than a variable; write out what it stands for.`);
  return new Reference(`${name}:-${fallback}`);
}

/** Behind `file:` the manifest names a file that it reads: a source must not choose which. */
function fallbackIn(name: string, rest: string): string | undefined {
  return name === 'file' ? undefined : /^:?-([^${}]*)$/s.exec(rest)?.[1];
}
