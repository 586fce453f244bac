import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY_MS, MINUTE_MS } from '../../../src/kernel/clock.ts';
import type { CheckResult } from '../../../src/monitoring/monitor-type.ts';
import { llm } from '../../../src/monitoring/types/llm.ts';
import { createNet } from '../../../src/platform/net/net.ts';
import { systemClock } from '../../../src/platform/system-clock.ts';
import { fakeIo, probe, reasonOf } from '../../support/probe-io.ts';
import { json, type LlmOptions, serveLlm } from '../../support/servers/llm.ts';
import { tryType } from '../../support/type-trial.ts';
import { webScenes } from '../../support/web-trial.ts';

const MODEL = { model: 'small-1' };
const MIDNIGHT = Date.UTC(2026, 0, 2);

tryType(llm, {
  ...webScenes('llm', MODEL),
  up: async (t) => ({ llm: `${(await serveLlm(t)).url}/v1`, ...MODEL }),
  degraded: async (t) => ({ llm: `${(await serveLlm(t, { waitMs: 20 })).url}/v1`, ...MODEL, first_token_max: '1ms' }),
});

for (const [kind, path] of [
  ['openai', '/v1'],
  ['ollama', ''],
  ['ollama', '/api'],
] as const) {
  test(`llm: the time to the first word and to the last is measured at ${kind}${path} [HLT-06/R]`, async (t) => {
    const server = await serveLlm(t, { waitMs: 60, words: ['All', ' is', ' ok.'] });

    const result = await probe(llm, { llm: server.url + path, ...MODEL, contains: 'IS OK' });

    assert.equal(result?.state, 'up', JSON.stringify(result));
    const { first_token: first = 0, total = 0, budget_left: left } = result.readings ?? {};
    assert.ok(first >= 55 && first < 150, `first word after ${first} ms`);
    assert.ok(total >= 170 && total - first >= 100, `${total} ms in all`);
    assert.equal(left, 1 - 1 / 300);
    assert.deepEqual(server.asked[0]?.['messages'], [{ role: 'user', content: 'Say ok.' }]);
  });
}

test('llm: a model that is not there is down, whatever else answers [HLT-07/R]', async (t) => {
  const server = await serveLlm(t, { models: ['small-1', 'llama3.2:latest', 'models/gemini-flash'] });
  const look = (model: string, path = '/v1') => probe(llm, { llm: server.url + path, model });

  const reason = reasonOf(await look('small-2'));
  assert.match(reason, /\/v1 has no model "small-2"\. The nearest is "small-1"\.$/);
  assert.equal(server.asked.length, 0);
  assert.match(reasonOf(await look('vast-9', '')), /has no model "vast-9"\.$/);
  assert.equal((await look('llama3.2', ''))?.state, 'up');
  assert.equal((await look('gemini-flash'))?.state, 'up');
});

test('llm: an answer that takes too long is degraded', async (t) => {
  const { url } = await serveLlm(t, { waitMs: 30 });

  const slow = await probe(llm, { llm: `${url}/v1`, ...MODEL, first_token_max: '10ms', total_max: '20ms' });

  assert.match(reasonOf(slow), /: The first word took \d+ms, expected at most 10ms\. The whole answer took \d+ms/);
});

test('llm: the key is sent, and what is said back of it is hidden', async (t) => {
  const { url } = await serveLlm(t, {
    token: 'hush',
    answer: (response) => json(response, 500, { error: { message: 'bad: Bearer hush' } }),
  });

  const wrong = reasonOf(await probe(llm, { llm: `${url}/v1`, ...MODEL, token: 'hushhush' }));
  assert.match(wrong, /rejected the credentials/);
  const broken = reasonOf(await probe(llm, { llm: `${url}/v1`, ...MODEL, token: 'hush' }));
  assert.match(broken, /answered 500, expected 200\. It says \(hidden\)\.$/);
});

const ANSWERS: Readonly<Record<string, readonly [NonNullable<LlmOptions['answer']>, RegExp]>> = {
  'is out of quota': [
    (response) =>
      json(response, 429, { error: { message: 'You exceeded your current quota', code: 'insufficient_quota' } }),
    /takes no more questions for now \(status 429\): .* It says "You exceeded your current quota"\.$/,
  ],
  'ends without a word': [
    (response) => stream(response, ['{"choices":[{"delta":{},"finish_reason":"stop"}]}', '[DONE]']),
    /ended its answer without a word\.$/,
  ],
  'breaks off': [
    (response) => stream(response, ['{"choices":[{"delta":{"content":"O"},"finish_reason":null}]}']),
    /broke off its answer\.$/,
  ],
  'fails in the middle': [
    (response) => stream(response, ['{"choices":[{"delta":{"content":"O"}}]}', '{"error":{"message":"overloaded"}}']),
    /broke off its answer and said "overloaded"\.$/,
  ],
  'talks nonsense': [(response) => response.end('<html>'), /does not stream its answer as such an API does\.$/],
  'says something else': [
    (response) => stream(response, ['{"choices":[{"delta":{"content":"No."},"finish_reason":"stop"}]}', '[DONE]']),
    /said "No\.", expected "ok" in it\.$/,
  ],
};

for (const [name, [answer, reason]] of Object.entries(ANSWERS)) {
  test(`llm: one that ${name} is down`, async (t) => {
    const { url } = await serveLlm(t, { answer });

    assert.match(reasonOf(await probe(llm, { llm: `${url}/v1`, ...MODEL, contains: 'ok' })), reason);
  });
}

test('llm: one that needs all its tokens to think is up', async (t) => {
  const { url } = await serveLlm(t, {
    answer: (response) =>
      stream(response, ['{"choices":[{"delta":{"reasoning_content":"Hm"},"finish_reason":"length"}]}', '[DONE]']),
  });

  assert.equal((await probe(llm, { llm: `${url}/v1`, ...MODEL }))?.state, 'up');
});

test('llm: newer models are asked with the other name of the limit, from then on', async (t) => {
  const server = await serveLlm(t, {
    answer: (response, body) =>
      'max_completion_tokens' in body
        ? stream(response, ['{"choices":[{"delta":{"content":"ok"},"finish_reason":"stop"}]}', '[DONE]'])
        : json(response, 400, { error: { message: "Unsupported parameter: use 'max_completion_tokens' instead." } }),
  });
  const look = follow({ llm: `${server.url}/v1`, ...MODEL });

  assert.equal((await look(MIDNIGHT))?.state, 'up');
  assert.equal((await look(MIDNIGHT + DAY_MS / 2))?.state, 'up');
  assert.deepEqual(
    server.asked.map((body) => body['max_completion_tokens']),
    [undefined, 16, 16],
  );
});

test('llm: the budget of a day is kept, and what is not asked is not wrong', async (t) => {
  const server = await serveLlm(t);
  const look = follow({ llm: `${server.url}/v1`, ...MODEL, budget: { calls: 3 } });

  const states = new Set<string | undefined>();
  for (let minute = 0; minute < 60; minute += 1)
    states.add((await look(MIDNIGHT + 22 * 60 * MINUTE_MS + minute * MINUTE_MS))?.state);
  const last = await look(MIDNIGHT + DAY_MS - 1);
  const next = await look(MIDNIGHT + DAY_MS + 1);

  assert.deepEqual([...states], ['up']);
  assert.equal(server.listed(), 62);
  assert.ok(server.asked.length >= 3 && server.asked.length <= 4, `${server.asked.length} questions`);
  assert.deepEqual([last?.state, next?.state], ['up', 'up']);
});

for (const [path, events] of Object.entries({
  '/v1': ['{"choices":[{"delta":{"content":"ok"},"finish_reason":"stop"}],"usage":{"total_tokens":1e15}}', '[DONE]'],
  '': ['{"message":{"content":"ok"},"done":true,"prompt_eval_count":1e308,"eval_count":1e308}'],
})) {
  test(`llm: a count that cannot be uses up no day, which would hide what breaks later (${path})`, async (t) => {
    let isBroken = false;
    const server = await serveLlm(t, {
      answer: (response) => {
        if (isBroken) json(response, 500, {});
        else if (path === '/v1') stream(response, events);
        else response.end(events.join('\n'));
      },
    });
    const look = follow({ llm: server.url + path, ...MODEL, budget: { tokens: 50_000 } });

    const first = await look(MIDNIGHT);
    isBroken = true;
    const later = await look(MIDNIGHT + DAY_MS / 2);

    assert.deepEqual([first?.state, later?.state], ['up', 'down']);
    assert.ok((first?.readings?.['budget_left'] ?? 0) > 0.75, JSON.stringify(first));
  });
}

test('llm: what is wrong stays wrong until it is asked again, and is asked again at once', async (t) => {
  let isBroken = true;
  const server = await serveLlm(t, {
    answer: (response) =>
      isBroken
        ? json(response, 500, {})
        : stream(response, ['{"choices":[{"delta":{"content":"ok"},"finish_reason":"stop"}]}', '[DONE]']),
  });
  const look = follow({ llm: `${server.url}/v1`, ...MODEL, budget: { tokens: 1_000 } });
  const states: (string | undefined)[] = [];
  for (let minute = 0; minute < 6; minute += 1) states.push((await look(MIDNIGHT + minute * MINUTE_MS))?.state);
  isBroken = false;
  states.push((await look(MIDNIGHT + DAY_MS / 2))?.state, (await look(MIDNIGHT + DAY_MS / 2 + 1))?.state);

  assert.deepEqual(states, ['down', 'down', 'down', 'down', 'down', 'down', 'up', 'up']);
  assert.equal(server.asked.length, 5);
});

function stream(response: Parameters<NonNullable<LlmOptions['answer']>>[0], events: readonly string[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end(events.map((event) => `data: ${event}\n\n`).join(''));
}

/** Looks with one memory at the times it is told. */
function follow(settings: object): (at: number) => Promise<CheckResult | undefined> {
  const check = llm.prepare(llm.settings.parse(settings));
  const net = createNet({ policy: 'manifest', clock: systemClock });
  return (at) => check(fakeIo({ clock: { ...systemClock, now: () => at }, net, signal: systemClock.timeout(5_000) }));
}
