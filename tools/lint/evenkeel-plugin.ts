import path from 'node:path';
import { definePlugin, defineRule, type ESTree } from '@oxlint/plugins';

const SRC = path.resolve(import.meta.dirname, '../../src');

const AREAS = [
  'monitoring',
  'delivery',
  'alerting',
  'status',
  'backups',
  'deploys',
  'observability',
  'generation',
  'audit',
  'identity',
];
const LOW = ['kernel', 'contracts'];

/** Which floors a floor may stand on. Areas do not see each other; only `app` sees `platform`. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  contracts: ['kernel'],
  platform: LOW,
  loop: LOW,
  ...Object.fromEntries(AREAS.map((area) => [area, LOW])),
  manifest: [...LOW, ...AREAS],
  faces: [...LOW, ...AREAS, 'manifest'],
  app: [...LOW, ...AREAS, 'platform', 'loop', 'manifest', 'faces'],
};

const AMBIENT_MEMBERS = new Set(['Date.now', 'Math.random', 'performance.now', 'AbortSignal.timeout', 'process.env']);
const AMBIENT_CALLS = new Set(['setTimeout', 'setInterval', 'fetch', 'randomUUID', 'randomBytes']);

export const layers = defineRule({
  meta: { type: 'problem' },
  create(context) {
    const own = placeOf(context.filename);
    if (own === undefined || isTest(context.filename)) return {};

    const check = (source: ESTree.Node | null) => {
      if (source?.type !== 'Literal' || typeof source.value !== 'string' || !source.value.startsWith('.')) return;
      const target = placeOf(path.resolve(path.dirname(context.filename), source.value));
      const message = target && objection(own.floor, target);
      if (message !== undefined) context.report({ node: source, message });
    };
    return {
      ImportDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
    };
  },
});

export const noAmbient = defineRule({
  meta: { type: 'problem' },
  create(context) {
    const floor = placeOf(context.filename)?.floor;
    if (floor === undefined || floor === 'platform' || floor === 'app' || isTest(context.filename)) return {};

    const report = (node: ESTree.Node, what: string) =>
      context.report({
        node,
        message: `${what} is ambient: take a port from kernel/ instead, so that tests can steer it.`,
      });
    return {
      MemberExpression(node) {
        if (node.object.type !== 'Identifier' || node.property.type !== 'Identifier') return;
        const name = `${node.object.name}.${node.property.name}`;
        if (AMBIENT_MEMBERS.has(name)) report(node, name);
      },
      CallExpression(node) {
        if (node.callee.type === 'Identifier' && AMBIENT_CALLS.has(node.callee.name)) report(node, node.callee.name);
      },
      NewExpression(node) {
        const isNow = node.callee.type === 'Identifier' && node.callee.name === 'Date' && node.arguments.length === 0;
        if (isNow) report(node, 'new Date()');
      },
    };
  },
});

/** A name for the trap it closes: state that changes without anybody being told. */
export const txAnnounces = defineRule({
  meta: { type: 'problem' },
  create(context) {
    const floor = placeOf(context.filename)?.floor;
    if (floor === undefined || !AREAS.includes(floor) || isTest(context.filename)) return {};
    return {
      CallExpression(node) {
        const [work] = node.arguments;
        if (memberName(node) !== 'tx' || work?.type !== 'ArrowFunctionExpression') return;
        const text = context.sourceCode.getText(work);
        if (!text.includes('.emit(')) {
          context.report({ node, message: 'This unit of work emits no event, so the closed loop cannot see it.' });
        }
      },
    };
  },
});

export default definePlugin({
  meta: { name: 'evenkeel' },
  rules: { layers, 'no-ambient': noAmbient, 'tx-announces': txAnnounces },
});

interface Place {
  readonly floor: string;
  readonly rest: string;
}

function objection(from: string, target: Place): string | undefined {
  if (from === target.floor) return undefined;
  // A folder missing from the table may import nothing: a new floor has to be declared first.
  if (!MAY_IMPORT[from]?.includes(target.floor))
    return `${from}/ may not import ${target.floor}/ (docs/architecture.md).`;
  const isPrivate = AREAS.includes(target.floor) && target.rest !== 'index.ts';
  return isPrivate ? `Import ${target.floor}/index.ts: the rest of that area is private to it.` : undefined;
}

function placeOf(file: string): Place | undefined {
  const relative = path.relative(SRC, file);
  if (relative.startsWith('..')) return undefined;
  const [floor = '', ...rest] = relative.split(path.sep);
  return { floor, rest: rest.join('/') };
}

function isTest(file: string): boolean {
  return file.endsWith('.test.ts');
}

function memberName(node: ESTree.CallExpression): string | undefined {
  const { callee } = node;
  return callee.type === 'MemberExpression' && callee.property.type === 'Identifier' ? callee.property.name : undefined;
}
