import * as z from 'zod';
import type { Monitoring, Told } from '../../../monitoring/index.ts';
import * as answers from '../answers.ts';
import { hasBeenHeard } from '../ping-heard.ts';
import { type Reply, routeFor } from '../route.ts';

export interface PingDeps {
  readonly monitoring: Pick<Monitoring, 'recordPing'>;
}

const TYPE = 'text/plain; charset=utf-8';
const EXIT_STATUS = /^(?:\d{1,2}|1\d\d|2[0-4]\d|25[0-5])$/;
const WORDS: Readonly<Record<string, Told>> = {
  start: { outcome: 'started' },
  fail: { outcome: 'failure' },
  log: { outcome: 'log' },
};

const Key = z.string().min(1).max(100).describe('The secret part of the address.');
const Word = z.string().min(1).max(100);
const Run = z.string().max(100).optional().describe('A UUID that tells runs apart which overlap.');
const Body = z.string().optional().describe('What the job says, as plain text; its first 10,000 characters are kept.');
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

const route = routeFor<PingDeps>();

/**
 * The addresses of Healthchecks (healthchecks.io/docs/http_api), so that no crontab has to change. `curl` and `wget` use
 * whatever method comes first to mind, so all of them count.
 */
export const pingRoutes = (['GET', 'POST'] as const).flatMap((method) => {
  const common = { method, role: 'public', limit: 'ping', answer: answers.Text, type: TYPE, takesText: true } as const;
  return [
    route({
      ...common,
      path: '/ping/:key',
      summary: 'A job says that it has done its work.',
      input: z.object({ key: Key, rid: Run, text: Body }),
      handle: ({ key, ...said }, { deps }) => answer(deps, key, { ...said, outcome: 'success' }),
    }),
    route({
      ...common,
      path: '/ping/:key/:word',
      summary: 'A job says that it begins (start), has failed (fail), has something to note (log), or its exit status.',
      input: z.object({
        key: Key,
        word: Word.describe('start, fail, log, 0 to 255, or the name of a job below the key of a project.'),
        rid: Run,
        text: Body,
      }),
      handle({ key, word, ...said }, { deps }) {
        const told = meant(word);
        return told === undefined
          ? answer(deps, `${key}/${word}`, { ...said, outcome: 'success' })
          : answer(deps, key, { ...said, ...told });
      },
    }),
    route({
      ...common,
      path: '/ping/:key/:slug/:word',
      summary: 'The same of a job that is named below the key of a project.',
      input: z.object({
        key: Key,
        slug: Word.describe('The name of the job.'),
        word: Word.describe('start, fail, log, or 0 to 255.'),
        rid: Run,
        text: Body,
      }),
      async handle({ key, slug, word, ...said }, { deps }) {
        const told = meant(word);
        return told === undefined ? plain(404, 'not found') : answer(deps, `${key}/${slug}`, { ...said, ...told });
      },
    }),
  ];
});

/** Undefined for a word that is none of ours. */
function meant(word: string): Told | undefined {
  if (Object.hasOwn(WORDS, word)) return WORDS[word];
  if (!EXIT_STATUS.test(word)) return undefined;
  const exitStatus = Number(word);
  return { outcome: exitStatus === 0 ? 'success' : 'failure', exitStatus };
}

type Said = Told & { readonly rid?: string | undefined; readonly text?: string | undefined };

async function answer({ monitoring }: PingDeps, key: string, { rid, text, ...told }: Said): Promise<Reply<string>> {
  if (rid !== undefined && !UUID.test(rid)) return plain(400, 'invalid uuid format');
  const isKnown = await hasBeenHeard(monitoring, key, { ...told, run: rid?.toLowerCase(), body: text });
  return isKnown ? plain(200, 'OK') : plain(404, 'not found');
}

function plain(status: number, body: string): Reply<string> {
  return { status, type: TYPE, body };
}
