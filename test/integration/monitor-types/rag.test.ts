import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY_MS, MINUTE_MS } from '../../../src/kernel/clock.ts';
import type { CheckResult } from '../../../src/monitoring/monitor-type.ts';
import { rag } from '../../../src/monitoring/types/rag.ts';
import { createNet } from '../../../src/platform/net/net.ts';
import { systemClock } from '../../../src/platform/system-clock.ts';
import { fakeIo, probe, reasonOf } from '../../support/probe-io.ts';
import { type Heard, type Reply, serveRoutes } from '../../support/servers/routes.ts';
import { tryType } from '../../support/type-trial.ts';
import { webScenes } from '../../support/web-trial.ts';

const ASKED = { question: 'How long is the warranty?', contains: ['24 months'] };
const MIDNIGHT = Date.UTC(2026, 0, 2);

/** Answers from its only document, and says where that stands. */
function answer({ body }: Heard): Reply {
  const isKnown = body.includes('warranty');
  return {
    json: isKnown ? { answer: 'It is 24 Months.', sources: ['terms.pdf'] } : { answer: 'No idea.', sources: [] },
  };
}

tryType(rag, {
  ...webScenes('rag', ASKED),
  up: async (t) => ({ rag: `${(await serveRoutes(t, { 'POST /ask': answer })).url}/ask`, ...ASKED }),
  degraded: async (t) => {
    const { url } = await serveRoutes(t, { 'POST /ask': answer });
    return { rag: `${url}/ask`, ...ASKED, sources: '[BODY].sources', sources_min: 2 };
  },
});

test('rag: the answer must hold every text, and name its sources [HLT-06/R]', async (t) => {
  const { url } = await serveRoutes(t, { 'POST /ask': answer });
  const look = (settings: object) =>
    probe(rag, { rag: `${url}/ask`, ...ASKED, sources: '[BODY].sources', ...settings });

  const good = await look({});
  assert.equal(good?.state, 'up');
  assert.equal(good.readings?.['sources'], 1);
  assert.match(reasonOf(await look({ contains: ['24 months', 'repair'] })), /\/ask answers without "repair"\.$/);
  assert.match(reasonOf(await look({ question: 'Who?' })), /answers without "24 months"\.$/);
  assert.match(reasonOf(await look({ sources_min: 2 })), /It names 1 of at least 2 sources\.$/);
  assert.match(reasonOf(await look({ sources: '[BODY].documents' })), /It names 0 of at least 1 sources\.$/);
  assert.match(reasonOf(await look({ answer: '[BODY].text' })), /gives no answer where one is expected\.$/);
});

test('rag: what is sent, and with which headers, is up to the settings', async (t) => {
  const server = await serveRoutes(t, {
    'POST /v2/query/': ({ headers, body }) =>
      headers['x-api-key'] === 'hush' ? { json: { data: [{ text: `24 months ${body}` }] } } : { status: 418 },
  });
  const settings = {
    rag: `${server.url}/v2/query/?top=3`,
    ...ASKED,
    question: 'A "quoted" question?',
    body: '{"input": [{"text": "Tell me: {question}"}], "top_k": 3}',
    answer: '[BODY].data[0].text',
  };

  assert.equal((await probe(rag, { ...settings, headers: { 'X-Api-Key': 'hush' } }))?.state, 'up');
  assert.deepEqual(JSON.parse(server.heard[0]?.body ?? ''), {
    input: [{ text: 'Tell me: A "quoted" question?' }],
    top_k: 3,
  });
  assert.equal(server.heard[0]?.url.search, '?top=3');
  assert.match(reasonOf(await probe(rag, settings)), /answered 418, expected 2xx\.$/);
  assert.equal(rag.settings.safeParse({ ...settings, body: '{question}' }).success, false);
});

test('rag: an answer that takes too long is degraded', async (t) => {
  const { url } = await serveRoutes(t, {
    'POST /': async (heard) => {
      await systemClock.sleep(30);
      return answer(heard);
    },
  });

  const reason = reasonOf(await probe(rag, { rag: url, ...ASKED, total_max: '10ms' }));

  assert.match(reason, /: The answer took \d+ms, expected at most 10ms\.$/);
});

test('rag: between questions it is only connected to, and what the last answer meant holds', async (t) => {
  let isBroken = true;
  const server = await serveRoutes(t, { 'POST /ask': (heard) => (isBroken ? { status: 500 } : answer(heard)) });
  const look = follow({ rag: `${server.url}/ask`, ...ASKED, budget: { calls: 6 } });
  const states: (string | undefined)[] = [];
  for (let minute = 0; minute < 6; minute += 1) states.push((await look(MIDNIGHT + minute * MINUTE_MS))?.state);
  isBroken = false;
  const mended = await look(MIDNIGHT + DAY_MS - 3 * MINUTE_MS);
  const later = await look(MIDNIGHT + DAY_MS - 2 * MINUTE_MS);

  assert.deepEqual(
    states,
    Array.from({ length: 6 }, () => 'down'),
  );
  assert.equal(server.heard.length, 5);
  assert.equal(mended?.state, 'up');
  assert.deepEqual(later, { state: 'up' });
});

test('rag: between questions one that is gone is down', async () => {
  const endings: (() => Promise<void>)[] = [];
  const server = await serveRoutes({ after: (end) => void endings.push(end) }, { 'POST /ask': answer });
  const look = follow({ rag: `${server.url}/ask`, ...ASKED });

  assert.equal((await look(MIDNIGHT))?.state, 'up');
  await Promise.all(endings.map((end) => end()));
  assert.match(reasonOf(await look(MIDNIGHT + MINUTE_MS)), /refused the connection\.$/);
});

/** Looks with one memory at the times it is told. */
function follow(settings: object): (at: number) => Promise<CheckResult | undefined> {
  const check = rag.prepare(rag.settings.parse(settings));
  const net = createNet({ policy: 'manifest', clock: systemClock });
  return (at) => check(fakeIo({ clock: { ...systemClock, now: () => at }, net, signal: systemClock.timeout(5_000) }));
}
