/** A text cut into what stands for itself and what is filled in. */
export type Piece =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'variable'; readonly written: string; readonly name: string; readonly fallback: string | null }
  | { readonly kind: 'file'; readonly written: string; readonly path: string }
  | { readonly kind: 'mistake'; readonly written: string; readonly message: string };

const CLOSED = /\$\$\{|\$\{(?<inside>[^}]*)\}/g;
const OPEN = /\$\$\{|\$\{/g;
const VARIABLE = /^([A-Za-z_]\w*)(?::-(.*))?$/s;
const FILE = /^file:(.+)$/s;

/** `${VAR}`, `${VAR:-default}` and `${file:./path}`; `$${` stands for `${`. A dollar sign alone means nothing. */
export function cutReferences(text: string): readonly Piece[] {
  // Behind the last `}` nothing is closed any more: to look for it from each `${` again would take time squared.
  const closed = text.lastIndexOf('}') + 1;
  return [...cut(text.slice(0, closed), CLOSED), ...cut(text.slice(closed), OPEN)];
}

function cut(text: string, pattern: RegExp): readonly Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) pieces.push({ kind: 'literal', text: text.slice(end, match.index) });
    pieces.push(pieceOf(match[0], match.groups?.['inside']));
    end = match.index + match[0].length;
  }
  if (end < text.length) pieces.push({ kind: 'literal', text: text.slice(end) });
  return pieces;
}

function pieceOf(written: string, inside: string | undefined): Piece {
  if (written === '$${') return { kind: 'literal', text: '${' };
  if (inside === undefined) return { kind: 'mistake', written, message: 'This `${` has no closing `}`.' };
  if (inside.includes('${')) {
    return { kind: 'mistake', written: '${', message: 'A reference cannot stand inside another one.' };
  }

  const [, file] = FILE.exec(inside) ?? [];
  if (file !== undefined) return { kind: 'file', written, path: file.trim() };
  const [, name, fallback = null] = VARIABLE.exec(inside) ?? [];
  if (name !== undefined) return { kind: 'variable', written, name, fallback };
  const known = '`${NAME}`, `${NAME:-default}` or `${file:./path}`';
  return { kind: 'mistake', written, message: `Expected ${known}; write \`$\${\` for a text with these characters.` };
}
