import type * as z from 'zod';
import { wordIssue } from './issue-wording.ts';
import { type Finding, formatPath } from './problem.ts';
import { type Manifest, manifestSchema } from './schema.ts';
import { explainIssues, type PlacedIssue } from './schema-findings.ts';
import { nameSecrets } from './secret-names.ts';
import { mapScalars, nodeAt, type ScalarNode, type Tree, toData } from './tree.ts';

export type Validated =
  | { readonly outcome: 'valid'; readonly manifest: Manifest }
  | { readonly outcome: 'invalid'; readonly findings: readonly Finding[] };

/** Each pass reads more values as numbers where the schema asked for them; a union may ask only in the second. */
const PASSES_MAX = 3;

/** Against the one schema joined from all areas. */
export function validate(tree: Tree): Validated {
  const schema = manifestSchema();
  let current: Tree = withoutExtensions(tree);
  for (let pass = 1; ; pass += 1) {
    const answer = schema.safeParse(toData(current), { error: wordIssue });
    if (answer.success) {
      nameSecrets(answer.data, current);
      return { outcome: 'valid', manifest: answer.data };
    }
    const issues = explainIssues(answer.error.issues, schema, current);
    const retyped: Tree | undefined = pass < PASSES_MAX ? retype(current, issues) : undefined;
    if (retyped === undefined) return { outcome: 'invalid', findings: issues.map(({ finding }) => finding) };
    current = retyped;
  }
}

/** As in Compose, `x-…` at the top holds what other parts of the file borrow by alias, or what other tools read. */
function withoutExtensions(tree: Tree): Tree {
  if (tree.kind !== 'map') return tree;
  return { ...tree, entries: new Map([...tree.entries].filter(([key]) => !key.startsWith('x-'))) };
}

/**
 * `port: ${PORT}` is a text once it is filled in. Where the schema wants a number or a boolean, and the reference is
 * all there is and stands without quotes, it becomes one. Undefined when nothing was to change.
 */
function retype(tree: Tree, issues: readonly PlacedIssue[]): Tree | undefined {
  const values = new Map<string, ScalarNode['value']>();
  for (const { path, issue } of issues) {
    const node = nodeAt(tree, path);
    const value = node?.kind === 'scalar' ? retypedValue(node, issue) : undefined;
    if (value !== undefined) values.set(formatPath(path), value);
  }
  if (values.size === 0) return undefined;
  return mapScalars(tree, (scalar, path) => {
    const value = values.get(formatPath(path));
    return value === undefined ? scalar : { ...scalar, value };
  });
}

function retypedValue(node: ScalarNode, issue: z.core.$ZodIssue): number | boolean | undefined {
  const [only, second] = node.inserted;
  const isWhole = only !== undefined && second === undefined && node.value === only.value;
  if (!isWhole || !node.isPlain || issue.code !== 'invalid_type') return undefined;
  if (issue.expected === 'boolean') return BOOLEANS.get(only.value);
  const wantsNumber = issue.expected === 'number' || issue.expected === 'int';
  return wantsNumber && /^-?\d{1,15}(?:\.\d{1,15})?$/.test(only.value) ? Number(only.value) : undefined;
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);
