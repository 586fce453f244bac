import type * as z from 'zod';
import { didYouMean, nearestWord } from '../kernel/nearest-word.ts';
import { formatPath, type Path } from './problem.ts';
import { kindOf, optionsOf, requiredKeys, type Shape, shapeOf } from './schema-keys.ts';
import type { MapNode, Tree } from './tree.ts';

type Issue = z.core.$ZodIssue;

export type Branch =
  /** The author meant this option; its issues are the ones to tell. */
  | { readonly outcome: 'meant'; readonly schema: z.core.$ZodType; readonly issues: readonly Issue[] }
  /** Nothing was meant clearly; this says what is possible. */
  | { readonly outcome: 'unclear'; readonly path: Path; readonly message: string; readonly hint?: string | undefined };

/**
 * Of everything a union would accept, what did the author mean? First the kind decides (a map, a list or a value), then
 * the key that only one option has (`http:` or `tcp:`), then the number of mistakes.
 */
export function chooseBranch(
  union: z.core.$ZodType,
  errors: readonly (readonly Issue[])[],
  node: Tree,
  path: Path,
): Branch {
  const options = (optionsOf(union) ?? []).map((schema, index) => ({ schema, issues: errors[index] ?? [] }));
  const ofKind = options.filter(({ schema }) => kindOf(schema) === node.kind);
  if (node.kind === 'map' && ofKind.length > 1) return chooseByKey(ofKind, node, path);
  const [best] = (ofKind.length > 0 ? ofKind : options).toSorted((a, b) => a.issues.length - b.issues.length);
  if (best === undefined) throw new Error('A union without options accepts nothing and should not exist.');
  const [first] = best.issues;
  const isWrongKind = first?.code === 'invalid_type' && first.path.length === 0;
  // Then no option comes near, and the author should hear of all of them.
  return { outcome: 'meant', ...best, ...(isWrongKind ? { issues: [{ ...first, message: expectAny(errors) }] } : {}) };
}

type Option = { readonly schema: z.core.$ZodType; readonly issues: readonly Issue[] };

function chooseByKey(options: readonly Option[], node: MapNode, path: Path): Branch {
  const shapes = options.map(({ schema }) => shapeOf(schema) ?? {});
  const keys = shapes.map((shape) => keyOfVariant(shape, shapes));
  const present = options.filter((_option, index) => node.entries.has(keys[index] ?? ''));
  const [only, second] = present;
  if (only !== undefined && second === undefined) return { outcome: 'meant', ...only };

  const words = keys.filter((key) => key !== undefined);
  if (second !== undefined) {
    const both = words.filter((key) => node.entries.has(key));
    const message = `${formatPath(path)}: ${both.join(' and ')} cannot stand together; only one of them can be meant.`;
    return { outcome: 'unclear', path, message };
  }
  const known = new Set(shapes.flatMap((shape) => Object.keys(shape)));
  const mistyped = [...node.entries.keys()].find((key) => !known.has(key) && nearestWord(key, words) !== undefined);
  if (mistyped !== undefined) {
    const at = [...path, mistyped];
    const message = `${formatPath(at)} is not a known key.`;
    return { outcome: 'unclear', path: at, message, hint: didYouMean(mistyped, words) };
  }
  const message = `${formatPath(path)}: expected one of the keys ${words.join(', ')}.`;
  return { outcome: 'unclear', path, message, hint: keyMeant(node, words) };
}

/** In many other tools the kind of a thing is a value; here it is the key. */
function keyMeant(node: MapNode, words: readonly string[]): string | undefined {
  const kind = node.entries.get('type')?.value;
  if (kind?.kind !== 'scalar' || typeof kind.value !== 'string') return undefined;
  const key = nearestWord(kind.value, words);
  return key === undefined ? undefined : `Write \`${key}: …\` instead of \`type: ${key}\`.`;
}

/** The required key that tells a variant from its siblings. */
function keyOfVariant(shape: Shape, shapes: readonly Shape[]): string | undefined {
  return requiredKeys(shape).find((key) => shapes.every((other) => other === shape || !(key in other)));
}

/** `Expected a text, or a list such as [a, b].` */
function expectAny(errors: readonly (readonly Issue[])[]): string {
  const expectations = errors.flatMap(([issue]) =>
    issue === undefined ? [] : [issue.message.replace(/^Expected (.*)\.$/s, '$1')],
  );
  return `Expected ${[...new Set(expectations)].join(', or ')}.`;
}
