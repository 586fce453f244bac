import type { Duplex } from 'node:stream';
import * as z from 'zod';
import type { Target } from '../../kernel/net.ts';
import { expectations } from '../expectations/expectations.ts';
import { unreached, withExpectations } from '../expectations/verdict.ts';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { downBecause } from '../protocols/failure.ts';
import type { GameStatus } from '../protocols/minecraft-java.ts';
import { parseHost, parseHostAndPort, printHostAndPort } from '../protocols/server-address.ts';

const PORTS = { java: 25_565, bedrock: 19_132 } as const;
const RANDOM_BYTES = 8;
const ADDRESS = /^(?:\[[\da-fA-F:.]+\]|[\d.]+)$/;

const MinecraftSettings = z.strictObject({
  minecraft: z
    .string()
    .refine(
      (text) => (parseHostAndPort(text) ?? parseHost(text, 1)) !== undefined,
      'Expected mc.example or mc.example:25565.',
    )
    .describe('Host that players write, with or without a port, e.g. "mc.example" or "mc.example:25565".'),
  edition: z
    .enum(['java', 'bedrock'])
    .default('java')
    .describe('Which game is played there: java, or bedrock as on phones and consoles. Default java.'),
  expect: expectations(['CONNECTED', 'RESPONSE_TIME', 'BODY'])
    .optional()
    .describe(
      'Conditions that must hold beside that, or `{ down: […], degraded: […] }`. [BODY] is what the server says of itself, ' +
        'e.g. "[BODY].version.name == 1.21.4".',
    ),
});
type MinecraftSettings = z.output<typeof MinecraftSettings>;

/** The readings `players` and `players_max` are there when the server tells them. */
export const minecraft = defineMonitor({
  type: 'minecraft',
  summary: 'Asks a Minecraft server for its status, as the list of servers in the game does.',
  example: 'world: { minecraft: "mc.example:25565", expect: { degraded: ["[RESPONSE_TIME] < 300ms"] } }',
  testedAgainst: 'local servers that speak Server List Ping and RakNet',
  settings: MinecraftSettings,
  target: (settings) => printHostAndPort(addressOf(settings)),
  check,
});

function addressOf({ minecraft: text, edition }: MinecraftSettings): Target {
  const address = parseHostAndPort(text) ?? parseHost(text, PORTS[edition]);
  if (address === undefined) throw new Error('The schema lets no other address through.');
  return address;
}

async function check(settings: MinecraftSettings, io: ProbeIo): Promise<CheckResult> {
  const { MinecraftUnreadable } = await import('../protocols/minecraft-java.ts');
  const where = printHostAndPort(addressOf(settings));
  const startedAt = io.clock.ticks();
  try {
    const { status, text } = await (settings.edition === 'java' ? askJava(settings, io) : askBedrock(settings, io));
    const latencyMs = io.clock.ticks() - startedAt;
    const own = judge(status, where, latencyMs);
    return withExpectations(settings.expect, own, { connected: true, responseTimeMs: latencyMs, body: text });
  } catch (error) {
    const tookMs = io.clock.ticks() - startedAt;
    if (error instanceof MinecraftUnreadable)
      return { state: 'down', latencyMs: tookMs, reason: `${where} ${error.message}.` };
    return unreached(settings.expect, downBecause(error, io, where), tookMs);
  }
}

function judge({ players }: GameStatus['status'], where: string, latencyMs: number): CheckResult {
  if (players === undefined) return { state: 'up', latencyMs };
  const { online, max } = players;
  const found = { latencyMs, readings: { players: online, players_max: max } };
  return online < max || max === 0
    ? { ...found, state: 'up' }
    : { ...found, state: 'degraded', reason: `${where} is full: ${online} of ${max} players.` };
}

async function askJava(settings: MinecraftSettings, io: ProbeIo): Promise<GameStatus> {
  const { askJava: ask } = await import('../protocols/minecraft-java.ts');
  const written = addressOf(settings);
  const socket: Duplex = await io.net.tcp.connect(await realAddress(settings, io), io.signal);
  try {
    const answer = await ask(socket, written);
    // Past the deadline, or shut down, while it waited for the echo.
    io.signal.throwIfAborted();
    return answer;
  } finally {
    socket.destroy();
  }
}

/** As the game finds it: where no port is written, a record of the domain may say where it is played. */
async function realAddress(settings: MinecraftSettings, io: ProbeIo): Promise<Target> {
  const written = addressOf(settings);
  const isElsewhere =
    parseHostAndPort(settings.minecraft) === undefined && !ADDRESS.test(written.host) && !written.host.includes(':');
  if (!isElsewhere) return written;
  const { serviceRecord } = await import('../protocols/service-record.ts');
  return (await serviceRecord(`_minecraft._tcp.${written.host}`, io)) ?? written;
}

async function askBedrock(settings: MinecraftSettings, io: ProbeIo): Promise<GameStatus> {
  const { bedrockPing, decodeBedrockPong, isBedrockPong } = await import('../protocols/minecraft-bedrock.ts');
  const random = () => Buffer.from(io.ids.secret(RANDOM_BYTES), 'base64url');
  const time = random();
  const isPong = (datagram: Uint8Array) => isBedrockPong(datagram, time);
  return decodeBedrockPong(
    await io.net.udp.exchange(addressOf(settings), bedrockPing(time, random()), isPong, io.signal),
  );
}
