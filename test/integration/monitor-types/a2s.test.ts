import assert from 'node:assert/strict';
import { test } from 'node:test';
import { a2s } from '../../../src/monitoring/types/a2s.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { serveUdp } from '../../support/servers/dns.ts';
import { a2sInfo, serveA2s } from '../../support/servers/games.ts';
import { closedPort } from '../../support/servers/misbehaving.ts';
import { tryType } from '../../support/type-trial.ts';

const at = (port: number) => ({ a2s: `127.0.0.1:${port}` });
const CHALLENGE = Buffer.from('ffffffff41aabbccdd', 'hex');

tryType(a2s, {
  up: async (t) => at(await serveA2s(t, a2sInfo(3, 16))),
  down: async () => at(await closedPort()),
  degraded: async (t) => at(await serveA2s(t, a2sInfo(16, 16))),
  silent: async (t) => at(await serveUdp(t, () => undefined)),
  rejected: 'Nobody has to log in to see the status of a server.',
  hostile: {
    'sends half a status': async (t) => at(await serveA2s(t, a2sInfo(3, 16).subarray(0, 12))),
    'sends a status without numbers': async (t) => at(await serveA2s(t, a2sInfo(3, 16).subarray(0, 47))),
    'answers with something else': async (t) => at(await serveUdp(t, (_message, reply) => reply(Buffer.from('hello')))),
  },
});

test('a2s: the players are counted, with and without a challenge [HLT-08/R]', async (t) => {
  for (const options of [{}, { challenge: '0badf00d' }]) {
    const result = await probe(a2s, at(await serveA2s(t, a2sInfo(3, 16), options)));

    assert.equal(result?.state, 'up');
    assert.deepEqual(result.readings, { players: 3, players_max: 16, bots: 1 });
  }
});

test('a2s: what the server says of itself can be expected', async (t) => {
  const port = await serveA2s(t, a2sInfo(16, 16));
  const expect = { down: ['[BODY].map == de_dust2', '[BODY].version == "1.38.0.0"', '[BODY].is_private == true'] };

  assert.match(reasonOf(await probe(a2s, at(port))), /is full: 16 of 16 players\.$/);
  assert.equal((await probe(a2s, { ...at(port), expect }))?.state, 'degraded');
  assert.equal((await probe(a2s, { ...at(port), expect: ['[BODY].map == de_nuke'] }))?.state, 'down');
});

test('a2s: a server that always wants another challenge is asked a few times and no more', async (t) => {
  let questions = 0;
  const port = await serveUdp(t, (_message, reply) => {
    questions += 1;
    reply(CHALLENGE);
  });

  assert.match(reasonOf(await probe(a2s, at(port), { timeoutMs: 300 })), /did not answer within 300ms\.$/);
  assert.equal(questions, 4);
});
