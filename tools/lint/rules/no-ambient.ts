import { type Context, defineRule, type ESTree } from '@oxlint/plugins';
import { isTest, placeOf } from '../floors.ts';
import { eachImport, isGlobal } from '../imports.ts';

const CLOCK = 'Clock from kernel/clock.ts';
const IDS = 'Ids from kernel/ids.ts';
const NET = 'Net from kernel/net.ts';
const CONFIG = 'what app/config.ts read';

/** What is ambient, and what to take instead. */
const MEMBERS: Readonly<Record<string, string>> = {
  'AbortSignal.timeout': CLOCK,
  'Date.now': CLOCK,
  'Math.random': IDS,
  'Temporal.Now': CLOCK,
  'crypto.getRandomValues': IDS,
  'crypto.randomUUID': IDS,
  'performance.now': CLOCK,
  'performance.timeOrigin': CLOCK,
  'process.env': CONFIG,
  'process.hrtime': CLOCK,
};

const GLOBALS: Readonly<Record<string, string>> = {
  EventSource: NET,
  WebSocket: NET,
  fetch: NET,
  setImmediate: CLOCK,
  setInterval: CLOCK,
  setTimeout: CLOCK,
};

const MODULES: Readonly<Record<string, string>> = {
  'node:perf_hooks': CLOCK,
  'node:timers': CLOCK,
  'node:timers/promises': CLOCK,
};

const NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'node:crypto': {
    getRandomValues: IDS,
    randomBytes: IDS,
    randomFill: IDS,
    randomFillSync: IDS,
    randomInt: IDS,
    randomUUID: IDS,
    webcrypto: IDS,
  },
  'node:process': { env: CONFIG, hrtime: CLOCK },
};

/** Time, chance, network and environment come through ports, so that a test can steer them and a reader see them. */
export const noAmbient = defineRule({
  meta: { type: 'problem' },
  create(context) {
    const floor = placeOf(context.filename)?.floor;
    if (floor === undefined || floor === 'platform' || floor === 'app' || isTest(context.filename)) return {};

    const report = (node: ESTree.Node, what: string, instead: string | undefined) => {
      if (instead === undefined) return;
      context.report({ node, message: `${what} is ambient: take ${instead} instead, so that tests can steer it.` });
    };
    return {
      ...eachImport(({ node, source, names, isTypeOnly }) => {
        if (isTypeOnly) return;
        report(node, source, MODULES[source]);
        for (const name of names) report(node, `${name} of ${source}`, NAMES[source]?.[name]);
      }),
      MemberExpression(node) {
        const name = memberName(context, node);
        if (name !== undefined) report(node, name, own(MEMBERS, name) ?? ofGlobalThis(name));
      },
      CallExpression({ callee }) {
        const isCall = callee.type === 'Identifier' && isGlobal(context, callee);
        if (isCall) report(callee, callee.name, callee.name === 'Date' ? CLOCK : own(GLOBALS, callee.name));
      },
      NewExpression({ callee, arguments: given }) {
        if (callee.type !== 'Identifier' || !isGlobal(context, callee)) return;
        report(callee, `new ${callee.name}`, callee.name === 'Date' ? instantOf(given) : own(GLOBALS, callee.name));
      },
    };
  },
});

/** `new Date(at)` is a conversion; `new Date()` asks what time it is. */
function instantOf(given: readonly unknown[]): string | undefined {
  return given.length === 0 ? CLOCK : undefined;
}

function memberName(context: Context, { object, property }: ESTree.MemberExpression): string | undefined {
  if (object.type !== 'Identifier' || property.type !== 'Identifier') return undefined;
  // `process` and `crypto` mean the same when they are imported.
  const isImported = object.name === 'process' || object.name === 'crypto';
  return isImported || isGlobal(context, object) ? `${object.name}.${property.name}` : undefined;
}

function ofGlobalThis(name: string): string | undefined {
  return name.startsWith('globalThis.') ? own(GLOBALS, name.slice('globalThis.'.length)) : undefined;
}

/** `constructor` and its like are names too. */
function own(table: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
