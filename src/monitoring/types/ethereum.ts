import * as z from 'zod';
import { MINUTE_MS, SECOND_MS } from '../../kernel/clock.ts';
import { duration, formatDuration } from '../../kernel/duration.ts';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import type { RpcService } from '../protocols/json-rpc.ts';
import { judged, type WebAnswer, webAddress, webServiceKeys } from '../protocols/web-service.ts';

/** The node does not offer this call. */
const UNKNOWN_METHOD = -32_601;

const EthereumSettings = z.strictObject({
  ethereum: webAddress('https://node.example:8545').describe(
    'Address of the JSON-RPC of a node or a provider, e.g. "http://127.0.0.1:8545". Only its host is ever shown.',
  ),
  chain: z
    .int()
    .min(1)
    .optional()
    .describe('The number of the chain that it has to serve, e.g. 1 for Ethereum; another one is down.'),
  block_age_max: duration({ minMs: SECOND_MS })
    .default(2 * MINUTE_MS)
    .describe('How old the latest block may be; older is degraded. Default 2m.'),
  peers_min: z.int().min(1).max(10_000).optional().describe('How many peers it must have; fewer is degraded.'),
  ...webServiceKeys(),
});
type EthereumSettings = z.output<typeof EthereumSettings>;

/** The readings: `block`, `block_age` in milliseconds, and `peers` where they are told. */
export const ethereum = defineMonitor({
  type: 'ethereum',
  summary: 'Asks a node of Ethereum, or of a chain like it, whether it is in step with its chain and has peers.',
  example: 'chain-node: { ethereum: "http://127.0.0.1:8545", chain: 1, peers_min: 5 }',
  testedAgainst: 'a local server that speaks the JSON-RPC of Ethereum',
  settings: EthereumSettings,
  target: ({ ethereum: address }) => new URL(address.reveal()).host,
  check,
});

const Quantity = z
  .string()
  .regex(/^0x[\da-f]{1,13}$/i)
  .transform(Number);
const Block = z.object({ number: Quantity, timestamp: Quantity }).nullable();
const Syncing = z.union([
  z.literal(false),
  z.object({ currentBlock: Quantity.optional(), highestBlock: Quantity.optional() }),
]);

interface Facts {
  readonly chain: number;
  readonly syncing: z.output<typeof Syncing>;
  readonly block: z.output<typeof Block>;
  /** Undefined where it is not told. */
  readonly peers: number | undefined;
  readonly answer: WebAnswer;
}

async function check(settings: EthereumSettings, io: ProbeIo): Promise<CheckResult> {
  const { rpcServiceOf } = await import('../protocols/json-rpc.ts');
  const service = rpcServiceOf(settings.ethereum, 'an Ethereum node', settings);
  const facts = await factsOf(service, settings, io);
  if ('failure' in facts) return facts.failure;
  const { answer, block, peers } = facts;
  const { latencyMs } = answer;
  if (settings.chain !== undefined && facts.chain !== settings.chain) {
    const reason = `${service.place} serves chain ${facts.chain}, expected chain ${settings.chain}.`;
    return judged(service, { state: 'down', latencyMs, reason }, answer);
  }
  const readings = {
    ...(block !== null && { block: block.number, block_age: ageOf(block, io) }),
    ...(peers !== undefined && { peers }),
  };
  const complaints = complaintsAbout(facts, settings, io);
  const own: CheckResult =
    complaints.length === 0
      ? { state: 'up', latencyMs, readings }
      : { state: 'degraded', latencyMs, readings, reason: `${service.place}: ${complaints.join(' ')}` };
  return judged(service, own, answer);
}

async function factsOf(
  service: RpcService,
  settings: EthereumSettings,
  io: ProbeIo,
): Promise<Facts | { readonly failure: CheckResult }> {
  const { call, succeeded } = await import('../protocols/json-rpc.ts');
  const ask = <T>(method: string, params: readonly unknown[], shape: z.ZodType<T>) =>
    call(service, { version: '2.0', method, params, shape }, io);
  // The first one alone: where nobody answers it, nobody has to be asked four times.
  const chain = succeeded(service, 'eth_chainId', await ask('eth_chainId', [], Quantity));
  if ('failure' in chain) return chain;
  const [syncing, block, peers] = await Promise.all([
    ask('eth_syncing', [], Syncing).then((replied) => succeeded(service, 'eth_syncing', replied)),
    ask('eth_getBlockByNumber', ['latest', false], Block).then((replied) =>
      succeeded(service, 'eth_getBlockByNumber', replied),
    ),
    ask('net_peerCount', [], Quantity),
  ]);
  if ('failure' in syncing) return syncing;
  if ('failure' in block) return block;
  // Providers have no peers to tell of, and whoever asks for none does not miss them.
  const isUntold = 'refusal' in peers && (peers.refusal.code === UNKNOWN_METHOD || settings.peers_min === undefined);
  const counted = isUntold ? undefined : succeeded(service, 'net_peerCount', peers);
  if (counted !== undefined && 'failure' in counted) return counted;
  return {
    chain: chain.result,
    syncing: syncing.result,
    block: block.result,
    peers: counted?.result,
    answer: { ...block.answer, latencyMs: chain.answer.latencyMs },
  };
}

function complaintsAbout({ syncing, block, peers }: Facts, settings: EthereumSettings, io: ProbeIo): readonly string[] {
  const { block_age_max: ageMax, peers_min: least } = settings;
  const age = block === null ? undefined : ageOf(block, io);
  return [
    ...(syncing === false ? [] : [progressOf(syncing)]),
    ...(age === undefined ? ['It has no block yet.'] : []),
    ...(age !== undefined && age > ageMax
      ? [`Its latest block is ${formatDuration(seconds(age))} old, expected at most ${formatDuration(ageMax)}.`]
      : []),
    ...(least === undefined ? [] : tooFew(peers, least)),
  ];
}

function tooFew(peers: number | undefined, least: number): readonly string[] {
  if (peers === undefined) return ['It does not tell how many peers it has.'];
  return peers < least ? [`It has ${peers} of at least ${least} peers.`] : [];
}

function progressOf({
  currentBlock: at,
  highestBlock: of,
}: {
  currentBlock?: number | undefined;
  highestBlock?: number | undefined;
}) {
  return at === undefined || of === undefined ? 'It is still syncing.' : `It is still syncing: block ${at} of ${of}.`;
}

function ageOf({ timestamp }: { readonly timestamp: number }, { clock }: ProbeIo): number {
  return Math.max(0, clock.now() - timestamp * SECOND_MS);
}

function seconds(ms: number): number {
  return Math.floor(ms / SECOND_MS) * SECOND_MS;
}
