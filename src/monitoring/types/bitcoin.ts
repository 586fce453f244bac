import * as z from 'zod';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/clock.ts';
import { duration, formatDuration } from '../../kernel/duration.ts';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { judged, quoted, type WebService, webAddress, webServiceKeys } from '../protocols/web-service.ts';

/** It has been started and still reads what it knows (RPC_IN_WARMUP). */
const WARMING_UP = -28;

const BitcoinSettings = z.strictObject({
  bitcoin: webAddress('http://user:password@node.example:8332').describe(
    'Address of the JSON-RPC of a node, e.g. "http://user:password@127.0.0.1:8332".',
  ),
  chain: z
    .enum(['main', 'test', 'testnet4', 'signet', 'regtest'])
    .optional()
    .describe('The chain that it has to serve, e.g. main; another one is down.'),
  block_age_max: duration({ minMs: MINUTE_MS })
    .default(2 * HOUR_MS)
    .describe('How old the latest block may be; older is degraded. Default 2h.'),
  behind_max: z
    .int()
    .min(0)
    .max(1_000_000)
    .default(2)
    .describe('How many blocks that it knows of it may still have to fetch; more is degraded. Default 2.'),
  peers_min: z
    .int()
    .min(0)
    .max(10_000)
    .default(1)
    .describe('How many peers it must be connected to; fewer is degraded. Default 1.'),
  ...webServiceKeys(),
});
type BitcoinSettings = z.output<typeof BitcoinSettings>;

/** The readings: `block`, `block_age` in milliseconds, `blocks_behind`, `peers`. */
export const bitcoin = defineMonitor({
  type: 'bitcoin',
  summary: 'Asks a Bitcoin node whether it is in step with its chain, has peers, and warns of anything.',
  example:
    'coin-node: { bitcoin: "http://127.0.0.1:8332", user: monitor, password: "${BITCOIN_RPC_PASSWORD}", chain: main }',
  testedAgainst: 'a local server that speaks the JSON-RPC of Bitcoin Core 24 to 28',
  settings: BitcoinSettings,
  target: ({ bitcoin: address }) => new URL(address.reveal()).host,
  check,
});

/** One text, or since version 28 a list of them. */
const Warnings = z
  .union([z.string(), z.array(z.string()).max(100)])
  .optional()
  .transform((warnings = []) => [warnings].flat().filter((warning) => warning !== ''));

const ChainInfo = z.object({
  chain: z.string(),
  blocks: z.number(),
  headers: z.number(),
  /** Of the latest block, seconds; before version 23 only the median of the latest eleven is told. */
  time: z.number().optional(),
  mediantime: z.number(),
  initialblockdownload: z.boolean(),
  warnings: Warnings,
});
const NetworkInfo = z.object({ connections: z.number(), networkactive: z.boolean().default(true) });

interface Facts {
  readonly chain: z.output<typeof ChainInfo>;
  readonly network: z.output<typeof NetworkInfo>;
}

async function check(settings: BitcoinSettings, io: ProbeIo): Promise<CheckResult> {
  const { call, rpcServiceOf, succeeded } = await import('../protocols/json-rpc.ts');
  const service = rpcServiceOf(settings.bitcoin, 'a Bitcoin node', settings);
  const ask = <T>(method: string, shape: z.ZodType<T>) =>
    call(service, { version: '1.0', method, params: [], shape }, io);
  const first = await ask('getblockchaininfo', ChainInfo);
  if ('refusal' in first && first.refusal.code === WARMING_UP) {
    const reason = `${service.place} is still starting: ${quoted(service, first.refusal.message)}.`;
    return { state: 'down', latencyMs: first.answer.latencyMs, reason };
  }
  const chain = succeeded(service, 'getblockchaininfo', first);
  if ('failure' in chain) return chain.failure;
  const network = succeeded(service, 'getnetworkinfo', await ask('getnetworkinfo', NetworkInfo));
  if ('failure' in network) return network.failure;
  const facts = { chain: chain.result, network: network.result };
  return judged(service, { ...verdict(service, settings, facts, io), latencyMs: chain.answer.latencyMs }, chain.answer);
}

function verdict(service: WebService, settings: BitcoinSettings, facts: Facts, io: ProbeIo): CheckResult {
  const { chain, network } = facts;
  if (settings.chain !== undefined && chain.chain !== settings.chain) {
    const reason = `${service.place} serves the chain ${quoted(service, chain.chain)}, expected ${settings.chain}.`;
    return { state: 'down', reason };
  }
  const readings = {
    block: chain.blocks,
    block_age: ageOf(chain, io),
    blocks_behind: chain.headers - chain.blocks,
    peers: network.connections,
  };
  const complaints = complaintsAbout(service, settings, facts, readings);
  return complaints.length === 0
    ? { state: 'up', readings }
    : { state: 'degraded', readings, reason: `${service.place}: ${complaints.join(' ')}` };
}

function complaintsAbout(
  service: WebService,
  settings: BitcoinSettings,
  { chain, network }: Facts,
  { block_age: age, blocks_behind: behind, peers }: Readonly<Record<'block_age' | 'blocks_behind' | 'peers', number>>,
): readonly string[] {
  const { block_age_max: ageMax, behind_max: behindMax, peers_min: least } = settings;
  const [warning] = chain.warnings;
  const known: readonly (readonly [boolean, string])[] = [
    [chain.initialblockdownload, `It is still fetching the chain: block ${chain.blocks} of ${chain.headers}.`],
    [!chain.initialblockdownload && behind > behindMax, `It is ${behind} blocks behind.`],
    [
      age > ageMax,
      `Its latest block is ${formatDuration(minutes(age))} old, expected at most ${formatDuration(ageMax)}.`,
    ],
    [!network.networkactive, 'Its network is switched off.'],
    [peers < least, `It has ${peers} of at least ${least} peers.`],
    [warning !== undefined, `It warns: ${quoted(service, warning ?? '')}.`],
  ];
  return known.flatMap(([isSo, complaint]) => (isSo ? [complaint] : []));
}

function ageOf({ time, mediantime }: Facts['chain'], { clock }: ProbeIo): number {
  return Math.max(0, clock.now() - (time ?? mediantime) * SECOND_MS);
}

function minutes(ms: number): number {
  return Math.floor(ms / MINUTE_MS) * MINUTE_MS;
}
