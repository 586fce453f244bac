import path from 'node:path';
import { describe, it } from 'node:test';
import { RuleTester } from 'oxlint/plugins-dev';
import { layers, noAmbient, txAnnounces } from './evenkeel-plugin.ts';

RuleTester.describe = describe;
RuleTester.it = it;
const tester = new RuleTester({ languageOptions: { parserOptions: { lang: 'ts' } } });

const at = (file: string) => ({ filename: path.resolve(import.meta.dirname, '../../src', file) });

tester.run('layers', layers, {
  valid: [
    { ...at('alerting/a.ts'), code: `import { Clock } from '../kernel/clock.ts';` },
    { ...at('alerting/channels/a.ts'), code: `import { defineChannel } from '../channel.ts';` },
    { ...at('faces/cli/a.ts'), code: `import { channels } from '../../alerting/index.ts';` },
    { ...at('alerting/a.test.ts'), code: `import { SqliteDatabase } from '../platform/sql/sqlite.ts';` },
  ],
  invalid: [
    { ...at('kernel/a.ts'), code: `import type { Channel } from '../alerting/index.ts';`, errors: 1 },
    { ...at('alerting/a.ts'), code: `import { x } from '../monitoring/index.ts';`, errors: 1 },
    { ...at('alerting/a.ts'), code: `export * from '../platform/http-client.ts';`, errors: 1 },
    { ...at('loop/a.ts'), code: `await import('../alerting/index.ts');`, errors: 1 },
    { ...at('main.ts'), code: `import { channels } from './alerting/index.ts';`, errors: 1 },
    { ...at('faces/http/a.ts'), code: `import { insert } from '../../alerting/incident-store.ts';`, errors: 1 },
  ],
});

tester.run('no-ambient', noAmbient, {
  valid: [
    { ...at('alerting/a.ts'), code: 'const day = new Date(at);' },
    { ...at('platform/a.ts'), code: 'const at = Date.now();' },
  ],
  invalid: [
    { ...at('alerting/a.ts'), code: 'const at = new Date();', errors: 1 },
    { ...at('alerting/a.ts'), code: 'const at = Date.now();', errors: 1 },
    { ...at('faces/a.ts'), code: 'await fetch(url);', errors: 1 },
  ],
});

tester.run('tx-announces', txAnnounces, {
  valid: [{ ...at('alerting/a.ts'), code: `await db.tx(async (tx) => { await tx.emit('x', {}); });` }],
  invalid: [{ ...at('alerting/a.ts'), code: `await db.tx(async (tx) => { await tx.run('x'); });`, errors: 1 }],
});
