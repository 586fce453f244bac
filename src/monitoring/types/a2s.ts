import * as z from 'zod';
import { expectations } from '../expectations/expectations.ts';
import { unreached, withExpectations } from '../expectations/verdict.ts';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import type { A2sInfo } from '../protocols/a2s-info.ts';
import { downBecause } from '../protocols/failure.ts';
import { hostAndPort, printHostAndPort } from '../protocols/server-address.ts';

const PORT = 27_015;

const A2sSettings = z.strictObject({
  a2s: hostAndPort({ defaultPort: PORT, example: 'game.example or game.example:27015' }).describe(
    'Host and port for queries, e.g. "game.example:27015". Default port 27015.',
  ),
  expect: expectations(['CONNECTED', 'RESPONSE_TIME', 'BODY'])
    .optional()
    .describe(
      'Conditions that must hold beside that, or `{ down: […], degraded: […] }`. [BODY] is what the server says of itself: ' +
        'name, map, folder, game, players, players_max, bots, is_private, version.',
    ),
});
type A2sSettings = z.output<typeof A2sSettings>;

/** The readings: `players`, `players_max`, `bots`. */
export const a2s = defineMonitor({
  type: 'a2s',
  summary: "Asks a game server for its status by Valve's query protocol, which Steam games and many others speak.",
  example: 'arena: { a2s: "game.example:27015", expect: ["[BODY].map != broken_map"] }',
  testedAgainst: 'a local server that speaks A2S_INFO, with and without a challenge',
  settings: A2sSettings,
  target: ({ a2s: address }) => printHostAndPort(address),
  check,
});

async function check({ a2s: address, expect }: A2sSettings, io: ProbeIo): Promise<CheckResult> {
  const { A2sUnreadable, a2sConversation, decodeInfo } = await import('../protocols/a2s-info.ts');
  const where = printHostAndPort(address);
  const { question, isAnswer } = a2sConversation();
  const startedAt = io.clock.ticks();
  try {
    const info = decodeInfo(await io.net.udp.exchange(address, question, isAnswer, io.signal));
    const latencyMs = io.clock.ticks() - startedAt;
    const observed = { connected: true, responseTimeMs: latencyMs, body: JSON.stringify(info) };
    return withExpectations(expect, judge(info, where, latencyMs), observed);
  } catch (error) {
    if (error instanceof A2sUnreadable) return { state: 'down', reason: `${where} sends a status that is cut off.` };
    return unreached(expect, downBecause(error, io, where), io.clock.ticks() - startedAt);
  }
}

function judge({ players, players_max: max, bots }: A2sInfo, where: string, latencyMs: number): CheckResult {
  const found = { latencyMs, readings: { players, players_max: max, bots } };
  return players < max || max === 0
    ? { ...found, state: 'up' }
    : { ...found, state: 'degraded', reason: `${where} is full: ${players} of ${max} players.` };
}
