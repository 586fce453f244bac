import { at, tester, wrong } from '../rule-tester.ts';
import { ioAtTheEdge } from './io-at-the-edge.ts';

tester.run('io-at-the-edge', ioAtTheEdge, {
  valid: [
    at('kernel/net.ts', `import type { Socket } from 'node:net';`),
    at('monitoring/a.ts', `import path from 'node:path';`),
    at('platform/files.ts', `import { open } from 'node:fs/promises';`),
    at('faces/http/a.ts', `import { createServer } from 'node:http';`),
    at('app/main.ts', `import { mkdirSync } from 'node:fs';`),
    at('backups/vaults/a.ts', `import { open } from 'node:fs/promises';`),
    at('backups/engines/a.ts', `import { DatabaseSync } from 'node:sqlite';`),
    at('backups/postgres/a.ts', `import { writeFile } from 'node:fs/promises';`),
    at('monitoring/a.test.ts', `import { createServer } from 'node:net';`),
  ],
  invalid: [
    wrong('monitoring/a.ts', `import { connect } from 'node:net';`, /reach sockets through a port/),
    wrong('monitoring/types/a.ts', `const { connect } = await import('node:tls');`, /reach sockets/),
    wrong('manifest/a.ts', `import { readFileSync } from 'node:fs';`, /reach files/),
    wrong('manifest/a.ts', `import { readFile } from 'node:fs/promises';`, /reach files/),
    wrong('backups/a.ts', `import { spawn } from 'node:child_process';`, /reach programs/),
    wrong('backups/vaults/a.ts', `import { connect } from 'node:net';`, /reach sockets/),
    wrong('backups/a.ts', `import { open } from 'node:fs/promises';`, /reach files/),
    wrong('contracts/a.ts', `export { lookup } from 'node:dns/promises';`, /reach names/),
  ],
});
