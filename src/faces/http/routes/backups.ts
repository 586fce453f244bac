import * as z from 'zod';
import type { BackupNow, BackupRun, Backups } from '../../../backups/index.ts';
import type { BackupSourceNow } from '../../../contracts/facts.ts';
import { didYouMean } from '../../../kernel/nearest-word.ts';
import * as answers from '../backup-answers.ts';
import { backupRunView, backupSourceView, backupView } from '../backup-views.ts';
import type { BackupRequestedView } from '../contract.ts';
import { errors } from '../errors.ts';
import { DryRun, Flag, NO_INPUT, routeFor } from '../route.ts';

export interface BackupDeps {
  readonly backups: Pick<Backups, 'facts' | 'find' | 'list' | 'request' | 'run'>;
}

const LIMIT_MAX = 1_000;
const LIMIT_DEFAULT = 50;

const Service = z.string().min(1).max(100).describe('Name of a service.');
const Id = z.string().regex(/^bak_[0-9a-z]{1,64}$/, 'Expected the id of a backup, such as bak_0mhc2k….');
const RunId = z
  .string()
  .regex(/^[0-9A-Za-z_-]{1,100}$/, 'Expected the id of a run, as the request for it was answered.');
/** What every engine takes, and what leads into no other folder: a dry run must not say yes to more. */
const NewName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, 'Expected 1 to 63 small letters, digits and _, beginning with a letter.')
  .describe('Name of the new database.');

const route = routeFor<BackupDeps>();

const list = route({
  method: 'GET',
  path: '/api/v1/backups',
  role: 'viewer',
  summary: 'Backups that are kept, newest first.',
  input: z.strictObject({
    service: Service.optional(),
    limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(LIMIT_DEFAULT),
  }),
  answer: answers.BackupListView,
  async handle({ service, limit }, { deps }) {
    const filter = service === undefined ? { limit } : { service, limit };
    const backups = await deps.backups.list(filter);
    // None yet is an answer; a name that nothing has is a mistake.
    if (service !== undefined && backups.length === 0) await sourceNamed(service, deps.backups);
    return { status: 200, body: { backups: backups.map(backupView) } };
  },
});

const sources = route({
  method: 'GET',
  path: '/api/v1/backups/sources',
  role: 'viewer',
  summary: 'How ready we are: what is backed up, when last, and when that was last proven by a restore.',
  input: NO_INPUT,
  answer: answers.BackupSourceListView,
  async handle(_input, { deps }) {
    const all = await deps.backups.facts.sources();
    return { status: 200, body: { sources: all.map(backupSourceView) } };
  },
});

const take = route({
  method: 'POST',
  path: '/api/v1/backups',
  role: 'operator',
  summary: 'Takes a backup of a service now; answers at once with the run to look at.',
  input: z.strictObject({ service: Service, dryRun: DryRun }),
  answer: answers.BackupRequestedView,
  async handle({ service, dryRun }, { deps: { backups } }) {
    const source = await sourceNamed(service, backups);
    const run = dryRun ? null : await backups.request({ kind: 'backup', service });
    return { ...requested({ source, backup: undefined, run }), subject: service };
  },
});

const verify = route({
  method: 'POST',
  path: '/api/v1/backups/:id/verify',
  role: 'operator',
  summary: 'Reads a backup to its end in every vault, or proves it by a restore; answers with the run to look at.',
  input: z.strictObject({
    id: Id,
    prove: Flag.describe('Restore it into a scratch database and ask the assertions.'),
    dryRun: DryRun,
  }),
  answer: answers.BackupRequestedView,
  async handle({ id, prove, dryRun }, { deps: { backups } }) {
    const found = await backupWithId(id, backups);
    const run = dryRun ? null : await backups.request({ kind: prove ? 'prove' : 'verify', backup: id });
    return { ...requested({ ...found, run }), subject: id };
  },
});

const restore = route({
  method: 'POST',
  path: '/api/v1/backups/:id/restore',
  role: 'owner',
  summary: 'Restores a backup into a new database beside the source, which is never touched.',
  input: z.strictObject({ id: Id, name: NewName, dryRun: DryRun }),
  answer: answers.BackupRequestedView,
  async handle({ id, name, dryRun }, { deps: { backups } }) {
    const found = await backupWithId(id, backups);
    const run = dryRun ? null : await backups.request({ kind: 'restore', backup: id, name });
    return { ...requested({ ...found, run }), subject: `${id} to ${name}` };
  },
});

const showRun = route({
  method: 'GET',
  path: '/api/v1/backups/runs/:id',
  role: 'viewer',
  summary: 'How far work on a backup is, and what came of it.',
  input: z.strictObject({ id: RunId }),
  answer: answers.BackupRunView,
  async handle({ id }, { deps }) {
    return { status: 200, body: backupRunView(await deps.backups.run(id)) };
  },
});

export const backupRoutes = [list, sources, take, verify, restore, showRun];

interface Requested {
  readonly source: BackupSourceNow | undefined;
  readonly backup: BackupNow | undefined;
  /** Null on a dry run. */
  readonly run: BackupRun | null;
}

function requested({ source, backup, run }: Requested): {
  readonly status: number;
  readonly body: BackupRequestedView;
} {
  const body = {
    isDryRun: run === null,
    source: source === undefined ? null : backupSourceView(source),
    backup: backup === undefined ? null : backupView(backup),
    run: run && backupRunView(run),
  };
  return { status: run === null ? 200 : 202, body };
}

async function sourceNamed(service: string, { list: listed, facts }: BackupDeps['backups']): Promise<BackupSourceNow> {
  const all = await facts.sources();
  const source = all.find((each) => each.service === service);
  if (source !== undefined) return source;
  const kept = await listed({ limit: LIMIT_MAX });
  const nearest = didYouMean(service, new Set([...all, ...kept].map((each) => each.service)));
  throw errors.HTTP_BACKUP_SOURCE_UNKNOWN({ service, nearest: nearest === undefined ? '' : `${nearest} ` });
}

/** With its source, which may be gone from the manifest while its backups are still there. */
async function backupWithId(id: string, { find, facts }: BackupDeps['backups']) {
  const [backup, all] = await Promise.all([find(id), facts.sources()]);
  return { backup, source: all.find(({ service }) => service === backup.service) };
}
