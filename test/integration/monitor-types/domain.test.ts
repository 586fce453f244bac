import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { domain } from '../../../src/monitoring/types/domain.ts';
import { createNet } from '../../../src/platform/net/net.ts';
import { systemClock } from '../../../src/platform/system-clock.ts';
import { fakeIo, probe, reasonOf } from '../../support/probe-io.ts';
import { closedPort, pourWithoutEnd, serveHttp } from '../../support/servers/misbehaving.ts';
import { tryType } from '../../support/type-trial.ts';

const DAY_MS = 86_400_000;

tryType(domain, {
  up: async (t) => settingsFor(await openRegistry(t, { days: 100 })),
  down: async (t) => settingsFor(await openRegistry(t, { days: -2 })),
  degraded: async (t) => settingsFor(await openRegistry(t, { days: 29 })),
  silent: 'A registry that keeps silent says nothing about the domain, which is degraded then.',
  hostile: 'What a registry sends that is none says nothing about the domain, which is degraded then.',
  rejected: 'Registries answer everybody.',
});

test('domain: how long it lasts is measured, and told when that is not long', async (t) => {
  const registry = await openRegistry(t, { days: 20.51 });

  const result = await probe(domain, settingsFor(registry));

  assert.equal(reasonOf(result), 'The registration of shop.example ends in 20d12h.');
  assert.ok(Math.abs((result?.readings?.['domain'] ?? 0) - 20.51 * DAY_MS) < 60_000);
  assert.equal((await probe(domain, { ...settingsFor(registry), expires_in: '20d' }))?.state, 'up');
  const expect = { down: ['[DOMAIN_EXPIRATION] > 21d'] };
  assert.equal((await probe(domain, { ...settingsFor(registry), expect }))?.state, 'down');
});

for (const [status, reason] of Object.entries({
  'redemption period': 'shop.example has ended and can only be bought back (redemption period).',
  'pending delete': 'shop.example is about to be deleted (pending delete).',
  'server hold': 'shop.example was taken out of the DNS by its registry (server hold).',
  'Client Hold': 'shop.example was taken out of the DNS by its registrar (client hold).',
})) {
  test(`domain: the status ${status} is down, however long it lasts`, async (t) => {
    const registry = await openRegistry(t, { days: 100, status: ['client transfer prohibited', status] });

    assert.equal(reasonOf(await probe(domain, settingsFor(registry))), reason);
  });
}

test('domain: a registration that has ended is down', async (t) => {
  const registry = await openRegistry(t, { days: -2 });

  assert.match(
    reasonOf(await probe(domain, settingsFor(registry))),
    /^The registration of shop\.example ended 2d\S* ago\.$/,
  );
});

test('domain: a registry that publishes no end is told', async (t) => {
  const registry = await openRegistry(t, { status: ['active'] });

  const result = await probe(domain, settingsFor(registry));

  assert.equal(result?.state, 'degraded');
  assert.equal(reasonOf(result), 'The registry of shop.example does not say when its registration ends.');
});

test('domain: as long as nothing can be found out it is degraded, whatever keeps the registry from answering', async (t) => {
  const servers = {
    closed: await closedPort(),
    unknown: await serveHttp(t, (_request, response) => response.writeHead(404).end('{"errorCode":404}')),
    endless: await serveHttp(t, (_request, response) => pourWithoutEnd(response)),
    page: await serveHttp(t, (_request, response) => response.end('<html>')),
    other: await serveHttp(t, (_request, response) => response.end('{"status":"\u001b[31m"}')),
    silent: await serveHttp(t, () => undefined),
  };

  for (const [name, port] of Object.entries(servers)) {
    const rdap = `http://127.0.0.1:${port}`;
    const result = await probe(domain, { domain: 'shop.example', rdap }, { timeoutMs: 300 });

    assert.equal(result?.state, 'degraded', name);
    assert.equal(
      reasonOf(result),
      `When the registration of shop.example ends cannot be found out: 127.0.0.1:${port} does not say. ` +
        'It is asked again every 10 minutes.',
    );
  }
});

test('domain: a registry is asked once, however often the domain is checked', async (t) => {
  const registry = await openRegistry(t, { days: 100 });
  const net = createNet({ policy: 'manifest', clock: systemClock });
  const io = fakeIo({ clock: systemClock, net, signal: AbortSignal.timeout(10_000) });
  const check = domain.prepare(domain.settings.parse({ ...settingsFor(registry), domain: 'GRÜN.example.' }));

  const states = [await check(io), await check(io), await check(io)].map((result) => result?.state);

  assert.deepEqual(states, ['up', 'up', 'up']);
  assert.deepEqual(registry.asked, ['/domain/xn--grn-ioa.example']);
});

test('domain: a shutdown in the middle of a check says nothing about it', async (t) => {
  const stopping = new AbortController();
  const port = await serveHttp(t, () => stopping.abort(new Error('stopping')));
  const settings = { domain: 'shop.example', rdap: `http://127.0.0.1:${port}` };

  await assert.rejects(probe(domain, settings, { signal: stopping.signal }), /stopping/);
});

test('domain: what is no domain is not accepted', () => {
  for (const text of ['shop', 'https://shop.example', 'shop.example/x', '192.0.2.1', '-shop.example', 'a b.example']) {
    assert.equal(domain.settings.safeParse({ domain: text }).success, false, text);
  }
});

function settingsFor({ url }: { readonly url: string }) {
  return { domain: 'shop.example', rdap: url };
}

interface Said {
  readonly days?: number;
  readonly status?: readonly string[];
}

/** Answers as RFC 9083 has it. */
async function openRegistry(t: TestContext, { days, status = ['active'] }: Said) {
  const asked: string[] = [];
  const port = await serveHttp(t, (request, response) => {
    asked.push(request.url ?? '');
    const end =
      days === undefined ? [] : [{ eventAction: 'expiration', eventDate: new Date(Date.now() + days * DAY_MS) }];
    const events = [{ eventAction: 'registration', eventDate: '1999-01-01T00:00:00Z' }, ...end];
    response.setHeader('content-type', 'application/rdap+json');
    response.end(JSON.stringify({ rdapConformance: ['rdap_level_0'], objectClassName: 'domain', status, events }));
  });
  return { url: `http://127.0.0.1:${port}`, asked };
}
