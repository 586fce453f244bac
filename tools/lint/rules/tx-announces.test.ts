import { at, tester, wrong } from '../rule-tester.ts';
import { txAnnounces } from './tx-announces.ts';

tester.run('tx-announces', txAnnounces, {
  valid: [
    at('alerting/a.ts', `await db.tx(async (tx) => { await tx.emit('x', {}); });`),
    at('alerting/a.ts', `await deps.db.tx(async (unit) => { await unit.emit('x', {}); });`),
    at('alerting/a.ts', `await db.tx(async (tx) => open(tx, x)); async function open(tx) { await tx.emit('x', {}); }`),
    at(
      'monitoring/state/a.ts',
      `import { commitState } from './state-commit.ts'; await db.tx((tx) => commitState(tx, x));`,
    ),
    at('alerting/a.ts', `await db.quiet('only looks', (tx) => count(tx));`),
    at('alerting/a.ts', `const inTx = (work) => db.tx(work);`),
    at('alerting/a.ts', `page.quiet(); page.tx((tx) => 1);`),
    at('alerting/a.test.ts', `await db.tx(async (tx) => { await tx.of(); });`),
  ],
  invalid: [
    wrong('alerting/a.ts', `await db.tx(async (tx) => { await tx.of().insertInto('x'); });`, /emits no event/),
    wrong('alerting/a.ts', `await db.tx(async function (tx) { await tx.of(); });`, /emits no event/),
    wrong('alerting/a.ts', `await deps.db.tx(async (tx) => store.insert(tx, row));`, /emits no event/),
    wrong('alerting/a.ts', `await db.tx(async (tx) => bus.emit('x'));`, /emits no event/),
    wrong('alerting/a.ts', `await db.tx(async (tx) => open(tx)); function open(tx) { tx.of(); }`, /emits no event/),
    wrong('alerting/a.ts', `import { open } from './nowhere.ts'; await db.tx((tx) => open(tx));`, /emits no event/),
    wrong('alerting/a.ts', `await db.quiet('', (tx) => count(tx));`, /begins with the reason/),
    wrong('alerting/a.ts', `await db.quiet(reason, (tx) => count(tx));`, /begins with the reason/),
    wrong('alerting/a.ts', `await db.quiet((tx) => count(tx));`, /begins with the reason/),
  ],
});
