import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Context, defineRule, type ESTree } from '@oxlint/plugins';
import { isTest, placeOf } from '../floors.ts';

/** Names the trap it closes: state that changes without anybody being told. */
export const txAnnounces = defineRule({
  meta: { type: 'problem' },
  create(context) {
    if (placeOf(context.filename) === undefined || isTest(context.filename)) return {};
    return {
      CallExpression(node) {
        const unit = unitOfWork(node);
        const message = unit === 'tx' ? checkTx(context, node) : unit === 'quiet' ? checkQuiet(node) : undefined;
        if (message !== undefined) context.report({ node: node.callee, message });
      },
    };
  },
});

/** `db.tx(…)` or `db.quiet(…)`, however the database is called: `deps.db.tx`, `store.database.quiet`. */
function unitOfWork({ callee }: ESTree.CallExpression): string | undefined {
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return undefined;
  const { object } = callee;
  const last = object.type === 'MemberExpression' ? object.property : object;
  const isDatabase = last.type === 'Identifier' && ['db', 'database'].includes(last.name);
  return isDatabase ? callee.property.name : undefined;
}

function checkTx(context: Context, node: ESTree.CallExpression): string | undefined {
  const [work] = node.arguments;
  // Work that was handed in is judged where it is written.
  if (work?.type !== 'ArrowFunctionExpression' && work?.type !== 'FunctionExpression') return undefined;
  if (announces(context, work)) return undefined;
  return 'This unit of work emits no event, so nobody hears of the change: tx.emit(…), or db.quiet(reason, work).';
}

/** It emits by itself, or hands its tx to a function that does, here or in the file the function comes from. */
function announces(context: Context, work: ESTree.ArrowFunctionExpression | ESTree.Function): boolean {
  const text = context.sourceCode.getText(work);
  const [parameter] = work.params;
  if (parameter?.type !== 'Identifier') return false;
  const tx = RegExp.escape(parameter.name);
  if (new RegExp(`\\b${tx}\\.emit\\(`).test(text)) return true;
  const helpers = [...text.matchAll(new RegExp(`\\b(?<name>\\w+)\\((?:[^()]*[,\\s])?${tx}\\b`, 'g'))];
  return helpers.some((match) => isEmitter(context, match.groups?.['name'] ?? ''));
}

function isEmitter(context: Context, name: string): boolean {
  const { body } = context.sourceCode.ast;
  for (const statement of body) {
    if (statement.type === 'ImportDeclaration') {
      const isFrom = statement.specifiers.some(({ local }) => local.name === name);
      if (isFrom && statement.source.value.startsWith('.')) return fileEmits(context.filename, statement.source.value);
    }
    const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    const isIt = declared?.type === 'FunctionDeclaration' && declared.id?.name === name;
    if (isIt) return context.sourceCode.getText(declared).includes('.emit(');
  }
  return false;
}

function fileEmits(from: string, source: string): boolean {
  try {
    return readFileSync(path.resolve(path.dirname(from), source), 'utf8').includes('.emit(');
  } catch {
    return false;
  }
}

function checkQuiet(node: ESTree.CallExpression): string | undefined {
  const [reason] = node.arguments;
  const isSaid = reason?.type === 'Literal' && typeof reason.value === 'string' && reason.value.trim() !== '';
  return isSaid ? undefined : 'db.quiet(…) begins with the reason, as a text, why nobody needs to hear of the change.';
}
