import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analytics } from '../../../src/monitoring/types/analytics.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { type AnalyticsOptions, serveAnalytics, TOKEN, WRITE_KEY } from '../../support/servers/analytics.ts';
import { serveRoutes } from '../../support/servers/routes.ts';
import type { Ending } from '../../support/servers/server.ts';
import { tryType } from '../../support/type-trial.ts';
import { webScenes } from '../../support/web-trial.ts';

const PRODUCTS = {
  plausible: { product: 'plausible', site: 'shop.example', token: TOKEN },
  matomo: { product: 'matomo', site: '1', token: TOKEN },
  umami: { product: 'umami', site: 'site-1', user: 'monitor', password: 'hush' },
  posthog: { product: 'posthog', site: '7', token: TOKEN, write_key: WRITE_KEY },
} as const;
type Product = keyof typeof PRODUCTS;
const NAMES = Object.keys(PRODUCTS) as Product[];

async function at(ending: Ending, product: Product, options: AnalyticsOptions = {}) {
  const { url } = await serveAnalytics(ending, product, options);
  return { analytics: url, ...PRODUCTS[product] };
}

tryType(analytics, {
  ...webScenes('analytics', { product: 'plausible', site: 'shop.example' }),
  up: (t) => at(t, 'plausible'),
  degraded: async (t) => ({ ...(await at(t, 'plausible', { countedAfter: 99 })), counted_within: '100ms' }),
});

for (const product of NAMES) {
  test(`analytics: an event sent to ${product} is an event counted [HLT-10/R]`, async (t) => {
    const result = await probe(analytics, await at(t, product, { countedAfter: 1 }));

    assert.equal(result?.state, 'up', JSON.stringify(result));
    const counted = result.readings?.['counted'] ?? 0;
    assert.ok(counted >= 490 && counted < 2_000, `counted after ${counted} ms`);
  });

  test(`analytics: an event that ${product} does not count in time is degraded`, async (t) => {
    const settings = { ...(await at(t, product, { countedAfter: 99 })), counted_within: '100ms' };

    const result = await probe(analytics, settings);

    assert.equal(result?.state, 'degraded');
    assert.match(reasonOf(result), /took an event, and has not counted it within 100ms\.$/);
  });

  test(`analytics: an event that ${product} does not take is down`, async (t) => {
    const settings = { ...(await at(t, product)), site: 'other', write_key: 'hush-wrong' };

    assert.match(reasonOf(await probe(analytics, settings)), /did not take an event: it answered 400, expected 2xx\.$/);
  });

  test(`analytics: ${product} tells its numbers to nobody with wrong credentials, and the check shows none`, async (t) => {
    const { user, ...settings } = { user: undefined, ...(await at(t, product)) };
    const wrong = user === undefined ? { token: 'hush-wrong' } : { user, password: 'hush-wrong' };

    const reason = reasonOf(await probe(analytics, { ...settings, ...wrong }));

    assert.match(reason, /rejected the credentials|does not tell what it has counted\. It says "You can't access this/);
  });
}

test('analytics: who is taken for a robot is told so', async (t) => {
  for (const product of ['plausible', 'umami'] as const) {
    const settings = await at(t, product, { isRobot: () => true });

    assert.match(
      reasonOf(await probe(analytics, settings)),
      /took an event and threw it away: it takes us for a robot/,
    );
    const usual = await at(t, product, { isRobot: (agent) => !agent.startsWith('Mozilla/5.0') });
    assert.equal((await probe(analytics, usual))?.state, 'up');
  }
});

test('analytics: what is said back of the token is hidden', async (t) => {
  const { url } = await serveRoutes(t, {
    'POST /api/event': { status: 202 },
    'POST /api/v2/query': { status: 400, json: { error: `No such site for ${TOKEN}` } },
  });

  const reason = reasonOf(await probe(analytics, { analytics: url, ...PRODUCTS.plausible }));

  assert.match(reason, /does not tell what it has counted\. It says \(hidden\)\.$/);
});

test('analytics: events may be sent elsewhere, and nobody there learns who reads them', async (t) => {
  const { url } = await serveAnalytics(t, 'posthog');
  const elsewhere = await serveRoutes(t, { 'POST /i/v0/e/': { json: { status: 'Ok' } } });

  const settings = { analytics: url, sent_to: elsewhere.url, ...PRODUCTS.posthog, counted_within: '100ms' };
  const result = await probe(analytics, settings);

  assert.equal(result?.state, 'degraded');
  assert.equal(elsewhere.heard.length, 1);
  assert.equal(elsewhere.heard[0]?.headers.authorization, undefined);
});

test('analytics: without counted_within it waits as long as the timeout allows, and is never late for it', async (t) => {
  const result = await probe(analytics, await at(t, 'plausible', { countedAfter: 99 }), { timeoutMs: 1_000 });

  assert.match(reasonOf(result), /has not counted it within 500ms\.$/);
});

test('analytics: PostHog needs the key of the project', () => {
  const { write_key: _without, ...settings } = PRODUCTS.posthog;

  assert.equal(analytics.settings.safeParse({ analytics: 'https://x.example', ...settings }).success, false);
});
