import { at, tester, wrong } from '../rule-tester.ts';
import { lazyClients } from './lazy-clients.ts';

tester.run('lazy-clients', lazyClients, {
  valid: [
    at('monitoring/types/a.ts', `import * as z from 'zod';`),
    at('monitoring/types/a.ts', `import { defineMonitor } from '../monitor-type.ts';`),
    at('monitoring/types/a.ts', `import { createHash } from 'node:crypto';`),
    at('monitoring/types/a.ts', `const { Client } = await import('pg');`),
    at('monitoring/types/a.ts', `import type { Client } from 'pg';`),
    at('monitoring/types/index.ts', `import { Registry } from '../../kernel/registry.ts';`),
    at('monitoring/types/a.test.ts', `import { Client } from 'pg';`),
    at('monitoring/store.ts', `import { sql } from 'kysely';`),
    at('platform/sql/postgres.ts', `import { Pool } from 'pg';`),
  ],
  invalid: [
    wrong('monitoring/types/a.ts', `import { Client } from 'pg';`, /Load pg with await import/),
    wrong('monitoring/types/a.ts', `import { type Client, Pool } from 'pg';`, /Load pg/),
    wrong('monitoring/types/postgres/session.ts', `import pg from 'pg';`, /Load pg/),
    wrong('delivery/channels/a.ts', `export { createTransport } from 'nodemailer';`, /Load nodemailer/),
    wrong('backups/vaults/a.ts', `import { S3Client } from '@aws-sdk/client-s3';`, /Load @aws-sdk\/client-s3/),
  ],
});
