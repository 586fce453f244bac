import * as z from 'zod';
import type { CheckResult, ProbeIo } from '../monitor-type.ts';
import { ask, consult, type Question, read, type WebAnswer, type WebService } from './web-service.ts';

export type StoreKind = 'qdrant' | 'weaviate' | 'chroma' | 'milvus';

export interface Place {
  readonly collection: string;
  readonly tenant: string;
  readonly database: string;
}

/** What is known of a collection; null when there is none of that name. */
export type Collection = {
  readonly points: number | undefined;
  /** Sentences that follow "The collection x of y …"; `down` counts more. */
  readonly down?: string;
  readonly degraded?: string;
} | null;

type Failed = { readonly failure: CheckResult };
export type Looked = { readonly collection: Collection; readonly answer: WebAnswer } | Failed;

export interface Store {
  readonly product: string;
  /** Which no other product would answer this way. */
  readonly greeting: Question;
  readonly greets: (answer: WebAnswer) => boolean;
  /** Where it says whether it can do its work, for those that greet before they can; older versions do not know it. */
  readonly readiness?: string;
  readonly look: (service: WebService, place: Place, io: ProbeIo) => Promise<Looked>;
}

const QdrantCollection = z.object({
  result: z.object({ status: z.string().max(40), points_count: z.int().min(0).nullish() }),
});

/** https://api.qdrant.tech/api-reference: yellow is at work on its index, grey waits to be. */
const qdrant: Store = {
  product: 'Qdrant',
  greeting: { method: 'GET', path: '/' },
  greets: ({ status, text }) => status === 200 && shaped(text, z.object({ title: z.string().regex(/^qdrant\b/) })),
  readiness: '/readyz',
  async look(service, { collection }, io) {
    const path = `/collections/${encodeURIComponent(collection)}`;
    const asked = await consultIfThere(service, { method: 'GET', path }, QdrantCollection, io);
    if (!('content' in asked)) return asked;
    const { status, points_count: points } = asked.content.result;
    const trouble = {
      ...(status === 'red' && { down: 'has failed and cannot recover by itself (red)' }),
      ...(status === 'grey' && { degraded: 'waits to be optimized (grey); any write to it begins that' }),
    };
    return { answer: asked.answer, collection: { points: points ?? undefined, ...trouble } };
  },
};

const WeaviateCount = z.object({
  data: z.object({
    Aggregate: z.record(z.string(), z.array(z.object({ meta: z.object({ count: z.int().min(0) }) }))),
  }),
});

/** https://docs.weaviate.io/weaviate/api/rest; a collection is called a class there, its name begins with a capital. */
const weaviate: Store = {
  product: 'Weaviate',
  greeting: { method: 'GET', path: '/v1/meta' },
  greets: ({ status, text }) => status === 200 && shaped(text, z.object({ version: z.string(), modules: z.unknown() })),
  readiness: '/v1/.well-known/ready',
  async look(service, { collection }, io) {
    const path = `/v1/schema/${encodeURIComponent(collection)}`;
    const found = await consultIfThere(service, { method: 'GET', path }, z.object({ class: z.string() }), io);
    if (!('content' in found)) return found;
    // A name that the product would not take itself has no place in a question.
    const name = /^\w{1,256}$/.exec(found.content.class)?.[0];
    if (name === undefined) return { answer: found.answer, collection: { points: undefined } };
    const json = { query: `{ Aggregate { ${name} { meta { count } } } }` };
    const counted = await consult(service, { method: 'POST', path: '/v1/graphql', json }, WeaviateCount, io);
    if ('failure' in counted) return counted;
    const [first] = Object.values(counted.content.data.Aggregate)[0] ?? [];
    return { answer: found.answer, collection: { points: first?.meta.count } };
  },
};

/** https://docs.trychroma.com/reference/server (version 2 of its interface). */
const chroma: Store = {
  product: 'Chroma',
  greeting: { method: 'GET', path: '/api/v2/heartbeat' },
  greets: ({ status, text }) => status === 200 && shaped(text, z.object({ 'nanosecond heartbeat': z.number() })),
  readiness: '/api/v2/healthcheck',
  async look(service, { collection, tenant, database }, io) {
    const folder = `/api/v2/tenants/${encodeURIComponent(tenant)}/databases/${encodeURIComponent(database)}/collections`;
    const path = `${folder}/${encodeURIComponent(collection)}`;
    const Known = z.object({ id: z.string().regex(/^[\w-]{1,64}$/) });
    const found = await consultIfThere(service, { method: 'GET', path }, Known, io);
    if (!('content' in found)) return found;
    const count = { method: 'GET', path: `${folder}/${found.content.id}/count` } as const;
    const counted = await consult(service, count, z.int().min(0), io);
    if ('failure' in counted) return counted;
    return { answer: found.answer, collection: { points: counted.content } };
  },
};

const MilvusStats = z.union([
  z.object({ code: z.literal(0), data: z.object({ rowCount: z.int().min(0) }) }),
  z.object({ code: z.int(), message: z.string() }),
]);
const MILVUS_NO_COLLECTION = 100;
const MILVUS_NO_LOGIN = 1800;

/** https://milvus.io/api-reference/restful/v2.5.x; whatever is wrong, the status is 200. */
const milvus: Store = {
  product: 'Milvus',
  greeting: { method: 'POST', path: '/v2/vectordb/collections/list', json: {} },
  greets: ({ status, text }) =>
    status === 200 &&
    shaped(
      text,
      z.union([
        z.object({ code: z.literal(0), data: z.array(z.string()) }),
        z.object({ code: z.literal(MILVUS_NO_LOGIN) }),
      ]),
    ),
  async look(service, { collection, database }, io) {
    const json = { collectionName: collection, ...(database !== '' && { dbName: database }) };
    const path = '/v2/vectordb/collections/get_stats';
    const asked = await consult(service, { method: 'POST', path, json }, MilvusStats, io);
    if ('failure' in asked) return asked;
    const { answer, content } = asked;
    if ('data' in content) return { answer, collection: { points: content.data.rowCount } };
    if (content.code === MILVUS_NO_COLLECTION) return { answer, collection: null };
    const { place, authorization } = service;
    const reason =
      content.code === MILVUS_NO_LOGIN
        ? `${place} ${authorization === undefined ? 'asks for credentials, and none are set for it' : 'rejected the credentials that are set for it'}.`
        : `${place} answered with the error ${content.code}.`;
    return { failure: { state: 'down', latencyMs: answer.latencyMs, reason } };
  },
};

export const STORES: Readonly<Record<StoreKind, Store>> = { qdrant, weaviate, chroma, milvus };

export type Recognized = { readonly kind: StoreKind; readonly answer: WebAnswer } | Failed;

/** Which of these it is: all are greeted at once, and the right one knows how to answer. */
export async function recognize(service: WebService, kinds: readonly StoreKind[], io: ProbeIo): Promise<Recognized> {
  const greeted = await Promise.all(kinds.map((kind) => ask(service, STORES[kind].greeting, io)));
  for (const [index, kind] of kinds.entries()) {
    const asked = greeted[index];
    if (asked !== undefined && 'answer' in asked && STORES[kind].greets(asked.answer))
      return { kind, answer: asked.answer };
  }
  const refused = greeted.find((asked) => 'failure' in asked);
  if (refused !== undefined) return refused;
  const names = kinds.map((kind) => STORES[kind].product);
  const known = names.length === 1 ? names.join('') : `any of ${names.join(', ')}`;
  return { failure: { state: 'down', reason: `${service.place} does not answer as ${known} does when it is ready.` } };
}

/** Down where it says itself that it is not ready; undefined otherwise. */
export async function unready(service: WebService, kind: StoreKind, io: ProbeIo): Promise<CheckResult | undefined> {
  const path = STORES[kind].readiness;
  if (path === undefined) return undefined;
  const asked = await ask(service, { method: 'GET', path }, io);
  if ('failure' in asked) return asked.failure;
  const { status, latencyMs } = asked.answer;
  if (status < 500) return undefined;
  return { state: 'down', latencyMs, reason: `${service.place} is not ready: it answered ${status} to ${path}.` };
}

async function consultIfThere<T>(
  service: WebService,
  question: Question,
  shape: z.ZodType<T>,
  io: ProbeIo,
): Promise<
  | { readonly answer: WebAnswer; readonly content: T }
  | { readonly answer: WebAnswer; readonly collection: null }
  | Failed
> {
  const asked = await ask(service, question, io);
  if ('failure' in asked) return asked;
  if (asked.answer.status === 404) return { answer: asked.answer, collection: null };
  const said = read(service, asked.answer, shape);
  return 'failure' in said ? said : { answer: asked.answer, content: said.content };
}

function shaped(text: string, shape: z.ZodType): boolean {
  try {
    return shape.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}
