import { at, tester, wrong } from '../rule-tester.ts';
import { noAmbient } from './no-ambient.ts';

tester.run('no-ambient', noAmbient, {
  valid: [
    at('alerting/a.ts', 'const day = new Date(at);'),
    at('alerting/a.ts', 'const day = Date.UTC(2026, 10, 20);'),
    at('alerting/a.ts', 'const now = clock.now();'),
    at('alerting/a.ts', 'const send = (fetch) => fetch(url);'),
    at('alerting/a.ts', `import { createHash } from 'node:crypto';`),
    at('alerting/a.ts', `import type { setTimeout } from 'node:timers/promises';`),
    at('alerting/a.ts', 'const made = thing.constructor.name; new Error();'),
    at('platform/a.ts', 'const at = Date.now();'),
    at('app/config.ts', 'const { env } = process; process.env.HOME;'),
    at('alerting/a.test.ts', 'const at = Date.now();'),
  ],
  invalid: [
    wrong('alerting/a.ts', 'const at = new Date();', /new Date is ambient: take Clock/),
    wrong('alerting/a.ts', 'const text = Date();', /take Clock/),
    wrong('alerting/a.ts', 'const at = Date.now();', /Date\.now is ambient/),
    wrong('alerting/a.ts', 'const now = Temporal.Now.instant();', /Temporal\.Now is ambient/),
    wrong('kernel/a.ts', 'const at = performance.now();', /performance\.now/),
    wrong('manifest/a.ts', 'const url = process.env.DATABASE_URL;', /what app\/config\.ts read/),
    wrong('manifest/a.ts', `import process from 'node:process'; process.env;`, /process\.env/),
    wrong('manifest/a.ts', `import { env } from 'node:process';`, /env of node:process/),
    wrong('contracts/a.ts', 'setTimeout(work, 10);', /setTimeout is ambient/),
    wrong('contracts/a.ts', 'globalThis.setInterval(work, 10);', /globalThis\.setInterval/),
    wrong('contracts/a.ts', 'setImmediate(work);', /setImmediate/),
    wrong('contracts/a.ts', `import { setTimeout as sleep } from 'node:timers/promises';`, /node:timers\/promises/),
    wrong('faces/a.ts', 'await fetch(url);', /take Net/),
    wrong('faces/a.ts', 'new WebSocket(url);', /take Net/),
    wrong('faces/a.ts', 'const chance = Math.random();', /take Ids/),
    wrong('identity/a.ts', `import { randomBytes } from 'node:crypto';`, /randomBytes of node:crypto/),
    wrong('identity/a.ts', `import crypto from 'node:crypto'; crypto.randomUUID();`, /crypto\.randomUUID/),
    wrong('faces/a.ts', 'AbortSignal.timeout(1000);', /AbortSignal\.timeout/),
  ],
});
