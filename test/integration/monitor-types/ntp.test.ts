import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ntp } from '../../../src/monitoring/types/ntp.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { startChrony } from '../../support/servers/chrony.ts';
import { serveUdp } from '../../support/servers/dns.ts';
import { closedPort } from '../../support/servers/misbehaving.ts';
import type { Ending } from '../../support/servers/server.ts';
import { tryType } from '../../support/type-trial.ts';

const server = await startChrony({ after });
const where = `127.0.0.1:${server.port}`;

tryType(ntp, {
  up: async () => ({ ntp: where }),
  down: async () => ({ ntp: `127.0.0.1:${await closedPort()}` }),
  degraded: (t) => telling(t, { aheadMs: 90_000 }),
  silent: async (t) => ({ ntp: `127.0.0.1:${await serveUdp(t, () => undefined)}` }),
  hostile: {
    'answers another question': (t) => telling(t, { origin: 'ffffffffffffffff' }),
    'refuses in control characters': (t) => telling(t, { stratum: 0, code: '\u001b[3m' }),
  },
  rejected: 'There are no credentials in the question.',
});

test('ntp: how far the clocks are apart is measured in milliseconds', async () => {
  const result = await probe(ntp, { ntp: where, expect: ['[RESPONSE_TIME] < 5s', '[CONNECTED] == true'] });

  assert.equal(result?.state, 'up', JSON.stringify(result));
  assert.ok(Math.abs(result?.readings?.['offset'] ?? 1_000) < 100, JSON.stringify(result));
});

test('ntp: a clock that is ahead or behind is degraded, from the offset on that is allowed', async (t) => {
  const ahead = await telling(t, { aheadMs: 90_500 });
  const behind = await telling(t, { aheadMs: -4_200 });

  assert.equal(
    reasonOf(await probe(ntp, ahead)),
    `The clock of ${ahead.ntp} is 1m30s ahead of that of this machine, expected 1s at most.`,
  );
  assert.match(reasonOf(await probe(ntp, behind)), /is 4s\d+ms behind that of this machine/);
  assert.equal((await probe(ntp, { ...behind, offset: '5s' }))?.state, 'up');
  assert.ok(Math.abs(((await probe(ntp, behind))?.readings?.['offset'] ?? 0) + 4_200) < 200);
});

test('ntp: a server whose clock nobody sets is down', async (t) => {
  const lost = await startChrony(t, []);
  const reason = / does not know the time itself: its clock is set by nobody\.$/;

  assert.match(reasonOf(await probe(ntp, { ntp: `127.0.0.1:${lost.port}` })), reason);
  assert.match(reasonOf(await probe(ntp, await telling(t, { leap: 3 }))), reason);
  assert.match(reasonOf(await probe(ntp, await telling(t, { stratum: 16 }))), reason);
});

test('ntp: a server that refuses says why', async (t) => {
  const busy = await telling(t, { stratum: 0, code: 'RATE' });

  assert.equal(reasonOf(await probe(ntp, busy)), `${busy.ntp} refuses to tell the time (RATE).`);
});

test('ntp: one datagram that gets lost is no downtime, and does not count into the offset', async (t) => {
  let asked = 0;
  const port = await serveUdp(t, (message, reply) => {
    asked += 1;
    if (asked === 2) reply(answerTo(message, {}));
  });

  const result = await probe(ntp, { ntp: `127.0.0.1:${port}` });

  assert.equal(result?.state, 'up', JSON.stringify(result));
  assert.ok(Math.abs(result?.readings?.['offset'] ?? 1_000) < 100, JSON.stringify(result));
});

test('ntp: a shutdown in the middle of a check is no downtime', async (t) => {
  const stopping = new AbortController();
  const port = await serveUdp(t, () => stopping.abort(new Error('stopping')));

  await assert.rejects(probe(ntp, { ntp: `127.0.0.1:${port}` }, { signal: stopping.signal }), /stopping/);
});

interface Told {
  readonly aheadMs?: number;
  readonly leap?: number;
  readonly stratum?: number;
  readonly code?: string;
  readonly origin?: string;
}

async function telling(ending: Ending, told: Told) {
  return { ntp: `127.0.0.1:${await serveUdp(ending, (message, reply) => reply(answerTo(message, told)))}` };
}

/** RFC 5905, figure 8. */
function answerTo(question: Buffer, { aheadMs = 0, leap = 0, stratum = 2, code = '', origin }: Told): Buffer {
  const answer = Buffer.alloc(48);
  answer.writeUInt8((leap << 6) | (4 << 3) | 4, 0);
  answer.writeUInt8(stratum, 1);
  answer.write(code, 12, 'latin1');
  (origin === undefined ? question.subarray(40, 48) : Buffer.from(origin, 'hex')).copy(answer, 24);
  const now = Date.now() + aheadMs;
  for (const at of [32, 40]) {
    answer.writeUInt32BE(Math.floor(now / 1_000) + 2_208_988_800, at);
    answer.writeUInt32BE(Math.floor(((now % 1_000) / 1_000) * 2 ** 32), at + 4);
  }
  return answer;
}
