import { at, tester, wrong } from '../rule-tester.ts';
import { layers } from './layers.ts';

tester.run('layers', layers, {
  valid: [
    at('contracts/a.ts', `import type { Clock } from '../kernel/clock.ts';`),
    at('alerting/a.ts', `import { defineErrors } from '../kernel/errors.ts';`),
    at('alerting/channels/a.ts', `import { defineChannel } from '../channel.ts';`),
    at('manifest/a.ts', `import { section } from '../alerting/index.ts';`),
    at('faces/cli/a.ts', `import { channels } from '../../alerting/index.ts';`),
    at('faces/cli/a.ts', `import type { StatusView } from '../http/contract.ts';`),
    at('faces/cli/a.ts', `import { type StatusView, type TokenView } from '../http/contract.ts';`),
    at('app/a.ts', `import { openSqlite } from '../platform/sql/sqlite.ts';`),
    at('app/a.ts', `import own from '../../package.json' with { type: 'json' };`),
    at('alerting/a.test.ts', `import { openSqlite } from '../platform/sql/sqlite.ts';`),
    at('alerting/a.ts', `import * as z from 'zod';`),
    at('../test/support/a.ts', `import { store } from '../../src/alerting/incident-store.ts';`),
  ],
  invalid: [
    wrong('kernel/a.ts', `import type { Channel } from '../alerting/index.ts';`, /areas meet through/),
    wrong('contracts/a.ts', `import { main } from '../app/main.ts';`, /only lower floors/),
    wrong('alerting/a.ts', `import { x } from '../monitoring/index.ts';`, /areas meet through/),
    wrong('alerting/a.ts', `import type { x } from '../monitoring/index.ts';`, /areas meet through/),
    wrong('alerting/a.ts', `type X = import('../monitoring/index.ts').X;`, /areas meet through/),
    wrong('alerting/a.ts', `export * from '../platform/http-client.ts';`, /take a port/),
    wrong('alerting/a.ts', `export { connect } from '../platform/http-client.ts';`, /take a port/),
    wrong('loop/a.ts', `await import('../alerting/index.ts');`, /areas meet through/),
    wrong('platform/a.ts', `import { x } from '../alerting/index.ts';`, /areas meet through/),
    wrong('main.ts', `import { channels } from './alerting/index.ts';`, /on no floor yet/),
    wrong('reports/a.ts', `import type { Clock } from '../kernel/clock.ts';`, /on no floor yet/),
    wrong('faces/http/a.ts', `import { insert } from '../../alerting/incident-store.ts';`, /is private/),
    wrong('app/a.ts', `import { parse } from '../manifest/parse.ts';`, /is private/),
    wrong('faces/http/a.ts', `import { openSqlite } from '../../platform/sql/sqlite.ts';`, /take a port/),
    wrong('faces/cli/a.ts', `import { routes } from '../http/contract.ts';`, /faces\/cli may not import faces\/http/),
    wrong('faces/cli/a.ts', `import type { Route } from '../http/route.ts';`, /only types of faces\/http\/contract/),
    wrong('app/a.ts', `import { seed } from '../../test/support/seed.ts';`, /outside of src/),
  ],
});
