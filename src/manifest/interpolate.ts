import path from 'node:path';
import type { Finding, Path, Place } from './problem.ts';
import type { ReadFiles } from './read-sources.ts';
import { cutReferences, type Piece } from './references.ts';
import { type Inserted, type MapNode, mapScalars, type ScalarNode, scalarsOf, type Tree } from './tree.ts';
import { type Found, readValue, type VariableLookup } from './variable-lookup.ts';

export interface Interpolation {
  readonly lookup: VariableLookup;
  readonly files: ReadFiles;
  /** `${file:./path}` is relative to it. */
  readonly folder: string;
}

type Reference = Exclude<Piece, { kind: 'literal' | 'mistake' }>;

/**
 * Fills references in: in scalars only, after parsing, so that a value is never read as YAML and cannot add a key.
 * All values are fetched first; what remains is a pure walk over the tree.
 */
export async function interpolate(
  tree: MapNode,
  { lookup, files, folder }: Interpolation,
): Promise<{ readonly tree: Tree; readonly findings: readonly Finding[] }> {
  const values = new Map<string, Found>();
  for (const reference of referencesIn(tree)) {
    if (values.has(reference.written)) continue;
    const found = reference.kind === 'variable' ? lookup(reference.name) : readValue(files, absolute(reference.path));
    values.set(reference.written, await found);
  }

  const findings: Finding[] = [];
  const filled = mapScalars(tree, (scalar, at) => (isText(scalar) ? fill(scalar, at) : scalar));
  return { tree: filled, findings };

  function fill(scalar: ScalarNode & { readonly value: string }, at: Path): ScalarNode {
    const inserted: Inserted[] = [];
    let text = '';
    for (const piece of cutReferences(scalar.value)) {
      if (piece.kind === 'literal') {
        text += piece.text;
        continue;
      }
      const value = valueOf(piece);
      if (typeof value === 'object') {
        findings.push({ ...value, place: placeWithin(scalar, piece.written), path: at });
        continue;
      }
      inserted.push({ reference: nameOf(piece), value });
      text += value;
    }
    return { ...scalar, value: text, inserted };
  }

  function valueOf(piece: Exclude<Piece, { kind: 'literal' }>): string | Omit<Finding, 'place'> {
    if (piece.kind === 'mistake') return { message: piece.message };
    const found = values.get(piece.written) ?? { outcome: 'missing' };
    if (found.outcome === 'unreadable') return { message: found.message, hint: found.hint };
    if (piece.kind === 'file') return found.outcome === 'found' ? found.value : missingFile(piece.path);
    // As in a shell, `:-` stands in for a variable that is empty, too.
    if (found.outcome === 'found' && (found.value !== '' || piece.fallback === null)) return found.value;
    return piece.fallback ?? missingVariable(piece.name);
  }

  function absolute(file: string): string {
    return path.resolve(folder, file);
  }
}

function referencesIn(tree: Tree): readonly Reference[] {
  return scalarsOf(tree)
    .filter(isText)
    .flatMap(({ value }) => cutReferences(value))
    .filter((piece) => piece.kind === 'variable' || piece.kind === 'file');
}

function isText(scalar: ScalarNode): scalar is ScalarNode & { readonly value: string } {
  return typeof scalar.value === 'string' && scalar.value.includes('${');
}

function nameOf(piece: Exclude<Piece, { kind: 'literal' }>): string {
  return piece.kind === 'variable' ? `\${${piece.name}}` : piece.written;
}

function missingVariable(name: string): Omit<Finding, 'place'> {
  return {
    message: `The variable ${name} is not set.`,
    hint: `Set ${name}, name a file that holds it in ${name}_FILE, or give a default: \${${name}:-…}`,
  };
}

function missingFile(file: string): Omit<Finding, 'place'> {
  return { message: `There is no file ${file}.`, hint: 'The path is relative to the folder of the manifest.' };
}

/** Where a reference stands inside its scalar, which may go over several lines. */
function placeWithin({ place, written }: ScalarNode, reference: string): Place {
  const before = written.slice(0, Math.max(written.indexOf(reference), 0)).split('\n');
  const column = before.at(-1)?.length ?? 0;
  if (before.length === 1) return { ...place, column: place.column + column };
  return { ...place, line: place.line + before.length - 1, column: column + 1 };
}
