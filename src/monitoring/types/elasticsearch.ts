import * as z from 'zod';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import {
  ask,
  judged,
  read,
  type WebAnswer,
  type WebService,
  webAddress,
  webServiceKeys,
  webServiceOf,
} from '../protocols/web-service.ts';

const keys = webServiceKeys();

const ElasticsearchSettings = z.strictObject({
  elasticsearch: webAddress('https://search.example:9200').describe(
    'Address of a node of Elasticsearch or OpenSearch, e.g. "https://search.example:9200".',
  ),
  nodes_min: z.int().min(1).max(10_000).optional().describe('How many nodes there must be; fewer is degraded.'),
  ...keys,
  token: keys.token.describe('An API key in its encoded form, sent as `Authorization: ApiKey …`.'),
  token_scheme: z
    .enum(['ApiKey', 'Bearer'])
    .default('ApiKey')
    .describe('How the token is sent; Bearer for OpenSearch with tokens (JWT). Default ApiKey.'),
});
type ElasticsearchSettings = z.output<typeof ElasticsearchSettings>;

/** https://www.elastic.co/guide/en/elasticsearch/reference/current/cluster-health.html; OpenSearch answers the same. */
const Health = z.object({
  status: z.enum(['green', 'yellow', 'red', 'GREEN', 'YELLOW', 'RED']).transform((status) => status.toLowerCase()),
  timed_out: z.boolean(),
  number_of_nodes: z.int().min(0),
  unassigned_shards: z.int().min(0),
});
type Health = z.output<typeof Health>;

const Refusal = z.object({ error: z.object({ type: z.string().max(200) }) });

export const elasticsearch = defineMonitor({
  type: 'elasticsearch',
  summary:
    'Asks a cluster of Elasticsearch or OpenSearch for its health and measures its `nodes` and the shards that are ' +
    'nowhere (`unassigned`).',
  example: [
    'search:',
    '  elasticsearch: https://search.example:9200',
    '  token: "${SEARCH_API_KEY}"',
    '  nodes_min: 3',
  ].join('\n'),
  testedAgainst: 'a local server that answers as Elasticsearch 8 and OpenSearch 2 are documented to',
  settings: ElasticsearchSettings,
  target: (settings) => serviceOf(settings).place,
  check,
});

function serviceOf(settings: ElasticsearchSettings): WebService {
  const service = webServiceOf(settings.elasticsearch, 'Elasticsearch', settings);
  if (settings.token === undefined) return service;
  return { ...service, authorization: `${settings.token_scheme} ${settings.token.reveal()}` };
}

async function check(settings: ElasticsearchSettings, io: ProbeIo): Promise<CheckResult> {
  const service = serviceOf(settings);
  // A cluster without a master would let us wait until the deadline has passed.
  const waitMs = Math.ceil(io.timeoutMs / 2);
  const path = `/_cluster/health?master_timeout=${waitMs}ms&timeout=${waitMs}ms`;
  const asked = await ask(service, { method: 'GET', path }, io);
  if ('failure' in asked) return asked.failure;
  const { answer } = asked;
  const missing = masterMissing(service, answer);
  if (missing !== undefined) return judged(service, missing, answer);
  const said = read(service, answer, Health);
  if ('failure' in said) return said.failure;
  return judged(service, judge(said.content, { service, latencyMs: answer.latencyMs, settings }), answer);
}

interface Judging {
  readonly service: WebService;
  readonly settings: ElasticsearchSettings;
  readonly latencyMs: number;
}

function judge(health: Health, { service: { place }, settings, latencyMs }: Judging): CheckResult {
  const { status, timed_out: isLate, number_of_nodes: nodes, unassigned_shards: unassigned } = health;
  const { nodes_min: nodesMin = 0 } = settings;
  const found = { latencyMs, readings: { nodes, unassigned } };
  const shards = `${unassigned} ${unassigned === 1 ? 'shard is' : 'shards are'} nowhere`;
  if (status === 'red')
    return { ...found, state: 'down', reason: `The cluster of ${place} is red: ${shards}, and so is data.` };
  const warnings = [
    ...(status === 'yellow' ? [`The cluster of ${place} is yellow: ${shards}, copies are missing.`] : []),
    ...(isLate ? [`The cluster of ${place} could not say in time how it is.`] : []),
    ...(nodes < nodesMin ? [`The cluster of ${place} has ${nodes} nodes, fewer than ${nodesMin}.`] : []),
  ];
  if (warnings.length === 0) return { ...found, state: 'up' };
  return { ...found, state: 'degraded', reason: warnings.join(' ') };
}

function masterMissing({ place }: WebService, { status, text, latencyMs }: WebAnswer): CheckResult | undefined {
  if (status !== 503 || !isMasterMissing(text)) return undefined;
  return {
    state: 'down',
    latencyMs,
    reason: `The cluster of ${place} has no master: its nodes do not find each other.`,
  };
}

function isMasterMissing(text: string): boolean {
  try {
    const { data } = Refusal.safeParse(JSON.parse(text));
    return /^(?:master|cluster_manager)_not_discovered_exception$/.test(data?.error.type ?? '');
  } catch {
    return false;
  }
}
