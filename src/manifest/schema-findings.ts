import type * as z from 'zod';
import { didYouMean, nearestWord } from '../kernel/nearest-word.ts';
import { isSecretShape } from '../kernel/secret-text.ts';
import { type Finding, formatPath, type Path, quoteWritten } from './problem.ts';
import { knownKeys, schemasAt } from './schema-keys.ts';
import { nodeAt, placeOfKey, placeOfValue, type ScalarNode, type Tree } from './tree.ts';
import { chooseBranch } from './union-branch.ts';

type Issue = z.core.$ZodIssue;

/** Shorter values are no secrets, and would blot out parts of other words. */
const SHORTEST_HIDDEN = 3;

/** An issue of the schema with its place in the whole manifest, unions looked through. */
export interface PlacedIssue {
  readonly path: Path;
  readonly issue: Issue;
  readonly finding: Finding;
  /** The key that was probably meant by one that is not known. */
  readonly suggests?: Path | undefined;
}

/** What the schema objects to, as the author of the file should read it. */
export function explainIssues(issues: readonly Issue[], schema: z.core.$ZodType, tree: Tree): readonly PlacedIssue[] {
  const placed = issues.flatMap((issue) => explain(issue, { schema, tree, base: [] }));
  // `ap: shop` is one mistake, not two: that `app` is missing is said by the suggestion.
  const suggested = new Set(placed.flatMap(({ suggests }) => (suggests === undefined ? [] : [formatPath(suggests)])));
  return placed.filter(({ path }) => nodeAt(tree, path) !== undefined || !suggested.has(formatPath(path)));
}

interface Scope {
  /** What the issue's own path is relative to. */
  readonly schema: z.core.$ZodType;
  readonly tree: Tree;
  readonly base: Path;
}

function explain(issue: Issue, scope: Scope): readonly PlacedIssue[] {
  // Symbols cannot come out of YAML.
  const own = issue.path.filter((step) => typeof step !== 'symbol');
  const path = [...scope.base, ...own];
  if (issue.code === 'invalid_union') return explainUnion(issue, own, scope);
  if (issue.code === 'unrecognized_keys') return explainKeys(issue, own, scope);
  const isSecret = schemasAt(scope.schema, own).some(isSecretShape);
  return [{ path, issue, finding: findingOf(issue, path, { tree: scope.tree, isSecret }) }];
}

interface Surroundings {
  readonly tree: Tree;
  /** What is written there may be a credential in the wrong form, so that nobody repeats it. */
  readonly isSecret: boolean;
}

function findingOf(issue: Issue, path: Path, { tree, isSecret }: Surroundings): Finding {
  if (issue.code === 'invalid_key') return invalidKey(issue, path, tree);
  const node = nodeAt(tree, path);
  if (node === undefined) return missing(issue, path, tree);
  return isSecret ? wrongSecret(issue, path, node) : wrongValue(issue, path, node);
}

function explainKeys(issue: Issue & { code: 'unrecognized_keys' }, own: Path, scope: Scope): readonly PlacedIssue[] {
  const parent = [...scope.base, ...own];
  const node = nodeAt(scope.tree, parent);
  const known = knownKeys(scope.schema, own, node?.kind === 'map' ? [...node.entries.keys()] : []);
  return issue.keys.map((key) => {
    const path = [...parent, key];
    const nearest = nearestWord(key, known);
    const finding = {
      place: placeOfKey(scope.tree, path),
      path,
      message: `${formatPath(path)} is not a known key.`,
      hint: didYouMean(key, known) ?? `Known here: ${known.toSorted().join(', ')}.`,
    };
    return { path, issue, finding, suggests: nearest === undefined ? undefined : [...parent, nearest] };
  });
}

function explainUnion(issue: Issue & { code: 'invalid_union' }, own: Path, scope: Scope): readonly PlacedIssue[] {
  const path = [...scope.base, ...own];
  const node = nodeAt(scope.tree, path);
  const [union] = schemasAt(scope.schema, own);
  if (node === undefined || union === undefined) {
    return [{ path, issue, finding: missing(issue, path, scope.tree) }];
  }
  const branch = chooseBranch(union, issue.errors, node, path);
  if (branch.outcome === 'meant') {
    return branch.issues.flatMap((inner) => explain(inner, { ...scope, schema: branch.schema, base: path }));
  }
  return [{ path, issue, finding: { place: placeOfKey(scope.tree, branch.path), ...branch } }];
}

function invalidKey(issue: Issue & { code: 'invalid_key' }, path: Path, tree: Tree): Finding {
  const [inner] = issue.issues;
  return {
    place: placeOfKey(tree, path),
    path,
    message: `${formatPath(path)}: ${lowerFirst(inner?.message ?? 'This key is not allowed.')}`,
    hint: didYouMean(String(path.at(-1)), wordsOf(inner)),
  };
}

function missing(issue: Issue, path: Path, tree: Tree): Finding {
  return {
    place: placeOfValue(tree, path),
    path,
    message: `${formatPath(path)} is missing: ${lowerFirst(issue.message)}`,
  };
}

function wrongSecret({ message }: Issue, path: Path, { place }: Tree): Finding {
  return { place, path, message: `${formatPath(path)}: ${afterColon(message)}` };
}

function wrongValue(issue: Issue, path: Path, node: Tree): Finding {
  const message = node.kind === 'scalar' ? withoutInserted(issue.message, node) : issue.message;
  const typed = node.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
  return {
    place: node.place,
    path,
    message: `${formatPath(path)}: ${withFound(message, node, issue.code === 'custom')}`,
    hint: typed === undefined ? undefined : didYouMean(typed, wordsOf(issue)),
  };
}

/** An expectation goes on after a colon; anything else is a sentence of its own. */
function afterColon(message: string): string {
  return message.startsWith('Expected ') ? lowerFirst(message) : message;
}

/** Says what was found, after an expectation that does not say so itself. */
function withFound(message: string, node: Tree, isOwnRule: boolean): string {
  const expectation = afterColon(message);
  // A rule about several keys says itself which; that some keys were found would be no news.
  if (expectation === message || (isOwnRule && node.kind === 'map')) return expectation;
  return expectation.includes(' found ') ? expectation : `${expectation.replace(/\.$/, '')}; found ${describe(node)}.`;
}

function describe(node: Tree): string {
  if (node.kind === 'map') return 'keys';
  if (node.kind === 'list') return node.items.length === 0 ? 'an empty list' : 'a list';
  return node.value === null ? 'nothing' : quoteWritten(node.written);
}

/** The words a value or a key could have been: of an enumeration, or named by a check of our own. */
function wordsOf(issue: Issue | undefined): readonly string[] {
  if (issue?.code === 'invalid_value') return issue.values.map(String);
  const words: unknown = issue?.code === 'custom' ? issue.params?.['words'] : undefined;
  return Array.isArray(words) ? words.map(String) : [];
}

/** A check of an area may quote the value it dislikes; what a variable put there goes out under its name. */
function withoutInserted(message: string, { inserted }: ScalarNode): string {
  return inserted.reduce((shown, { reference, value }) => {
    return value.length < SHORTEST_HIDDEN ? shown : shown.replaceAll(value, () => reference);
  }, message);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
