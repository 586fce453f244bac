import * as z from 'zod';
import type { AuditTrail } from '../../../identity/index.ts';
import * as answers from '../answers.ts';
import { routeFor } from '../route.ts';
import { auditEntryView } from '../views.ts';

export interface AuditDeps {
  readonly identity: { readonly audit: Pick<AuditTrail, 'list'> };
}

const ENTRIES_MAX = 500;
const ENTRIES_DEFAULT = 50;

const route = routeFor<AuditDeps>();

const list = route({
  method: 'GET',
  path: '/api/v1/audit',
  role: 'owner',
  summary: 'Who changed what, and who was refused; newest first.',
  input: z.strictObject({
    before: z.string().max(100).optional().describe('Id of the last entry of the page before.'),
    limit: z.coerce.number().int().min(1).max(ENTRIES_MAX).default(ENTRIES_DEFAULT),
  }),
  answer: answers.AuditListView,
  async handle({ before, limit }, { deps }) {
    const entries = await deps.identity.audit.list({ limit, ...(before === undefined ? {} : { before }) });
    return { status: 200, body: { entries: entries.map(auditEntryView) } };
  },
});

export const auditRoutes = [list];
