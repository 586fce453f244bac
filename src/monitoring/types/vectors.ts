import * as z from 'zod';
import { type Check, type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import type { Collection, StoreKind } from '../protocols/vector-stores.ts';
import { judged, type WebService, webAddress, webServiceKeys, webServiceOf } from '../protocols/web-service.ts';

const KINDS = ['qdrant', 'weaviate', 'chroma', 'milvus'] as const satisfies readonly StoreKind[];

const VectorsSettings = z.strictObject({
  vectors: webAddress('http://qdrant.example:6333').describe(
    'Address of the vector store, e.g. "http://qdrant.example:6333".',
  ),
  kind: z
    .enum(['auto', ...KINDS])
    .default('auto')
    .describe('What it is: qdrant, weaviate, chroma or milvus. Default auto: it is found out.'),
  collection: z.string().min(1).max(256).optional().describe('A collection that must be there, e.g. documents.'),
  points_min: z
    .int()
    .min(1)
    .optional()
    .describe('How many vectors that collection must hold; fewer is degraded. Default: they are measured only.'),
  tenant: z
    .string()
    .min(1)
    .max(256)
    .default('default_tenant')
    .describe('Whose collection it is, in Chroma. Default default_tenant.'),
  database: z
    .string()
    .min(1)
    .max(256)
    .optional()
    .describe('The database of the collection, in Chroma and in Milvus. Default: theirs.'),
  ...webServiceKeys(),
});
type VectorsSettings = z.output<typeof VectorsSettings>;

export const vectors = defineMonitor({
  type: 'vectors',
  summary:
    'Asks a vector store (Qdrant, Weaviate, Chroma, Milvus) whether it is ready, and how many `points` a collection ' +
    'holds.',
  example: [
    'knowledge:',
    '  vectors: http://qdrant.example:6333',
    '  collection: documents',
    '  points_min: 1000',
    '  token: "${QDRANT_API_KEY}"',
  ].join('\n'),
  testedAgainst: 'local servers that answer as Qdrant 1.13, Weaviate 1.28, Chroma 1.0 and Milvus 2.5 are documented to',
  settings: VectorsSettings,
  target: (settings) => serviceOf(settings, 'a vector store').place,
  remember,
});

function serviceOf(settings: VectorsSettings, product: string): WebService {
  return webServiceOf(settings.vectors, product, settings);
}

/** What it once was it stays, until it no longer answers like that. */
function remember(settings: VectorsSettings): Check {
  let known: StoreKind | undefined = settings.kind === 'auto' ? undefined : settings.kind;
  return async (io) => {
    const { recognize, unready } = await import('../protocols/vector-stores.ts');
    const service = serviceOf(settings, 'a vector store');
    const greeted = await recognize(service, known === undefined ? KINDS : [known], io);
    if ('failure' in greeted) {
      if (settings.kind === 'auto') known = undefined;
      return greeted.failure;
    }
    known = greeted.kind;
    return (await unready(service, known, io)) ?? look(known, settings, greeted.answer, io);
  };
}

type Answer = Parameters<typeof judged>[2];

async function look(kind: StoreKind, settings: VectorsSettings, greeting: Answer, io: ProbeIo): Promise<CheckResult> {
  const { STORES } = await import('../protocols/vector-stores.ts');
  const { collection: name, tenant } = settings;
  const service = serviceOf(settings, STORES[kind].product);
  const { latencyMs } = greeting;
  if (name === undefined) return judged(service, { state: 'up', latencyMs }, greeting);
  const database = settings.database ?? (kind === 'chroma' ? 'default_database' : '');
  const looked = await STORES[kind].look(service, { collection: name, tenant, database }, io);
  if ('failure' in looked) return looked.failure;
  return judged(service, judge(looked.collection, service, settings, latencyMs), { ...looked.answer, latencyMs });
}

function judge(found: Collection, { place }: WebService, settings: VectorsSettings, latencyMs: number): CheckResult {
  const { collection: name = '', points_min: pointsMin = 0 } = settings;
  const collection = `The collection ${name} of ${place}`;
  if (found === null) return { state: 'down', latencyMs, reason: `${place} has no collection ${name}.` };
  const { points, down, degraded } = found;
  const measured = { latencyMs, ...(points !== undefined && { readings: { points } }) };
  if (down !== undefined) return { ...measured, state: 'down', reason: `${collection} ${down}.` };
  if (degraded !== undefined) return { ...measured, state: 'degraded', reason: `${collection} ${degraded}.` };
  if (points === undefined || points >= pointsMin) return { ...measured, state: 'up' };
  return { ...measured, state: 'degraded', reason: `${collection} holds ${points} vectors, fewer than ${pointsMin}.` };
}
