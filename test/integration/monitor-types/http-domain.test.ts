import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { http } from '../../../src/monitoring/types/http.ts';
import { createNet } from '../../../src/platform/net/net.ts';
import { systemClock } from '../../../src/platform/system-clock.ts';
import { fakeIo, reasonOf } from '../../support/probe-io.ts';
import { closedPort, serveHttp } from '../../support/servers/misbehaving.ts';

const DAY_MS = 86_400_000;

test('http: a domain that ends soon is told, as its registry has it', async (t) => {
  const registry = await openRegistry(t, 20);
  const shop = await openShop(t);

  const soon = await shop.check({ expect: { degraded: ['[DOMAIN_EXPIRATION] > 30d'] }, rdap: registry.url });
  const fine = await shop.check({ expect: ['[DOMAIN_EXPIRATION] > 10d'], rdap: `${registry.url}/` });

  assert.equal(soon?.state, 'degraded');
  assert.match(reasonOf(soon), /: \[DOMAIN_EXPIRATION\] was 19d23h, expected > 30d\.$/);
  assert.equal(fine?.state, 'up');
  assert.deepEqual(registry.asked, ['application/rdap+json /domain/shop.example']);
});

test('http: no registry is asked for what no condition names', async (t) => {
  const registry = await openRegistry(t, 20);
  const shop = await openShop(t);

  assert.equal((await shop.check({ expect: ['[STATUS] == 200'], rdap: registry.url }))?.state, 'up');
  assert.deepEqual(registry.asked, []);
});

test('http: a registry that fails makes nothing down and is shown to have said nothing', async (t) => {
  const shop = await openShop(t);
  const rdap = `http://127.0.0.1:${await closedPort()}`;

  const result = await shop.check({ expect: ['[STATUS] == 200', '[DOMAIN_EXPIRATION] > 30d'], rdap });

  assert.equal(result?.state, 'up');
  assert.deepEqual(result?.conditions?.[1], {
    condition: '[DOMAIN_EXPIRATION] > 30d',
    holds: true,
    actual: null,
    otherwise: 'down',
  });
});

async function openShop(t: TestContext) {
  const port = await serveHttp(t, (_request, response) => response.end('ok'));
  const lookup = async () => ['127.0.0.1'];
  const net = createNet({ policy: 'manifest', clock: systemClock, lookup });
  const io = fakeIo({ clock: systemClock, net, signal: AbortSignal.timeout(10_000) });
  const url = `http://www.shop.example:${port}/`;
  return { check: (settings: object) => http.prepare(http.settings.parse({ http: url, ...settings }))(io) };
}

async function openRegistry(t: TestContext, days: number) {
  const asked: string[] = [];
  const eventDate = new Date(Date.now() + days * DAY_MS).toISOString();
  const port = await serveHttp(t, (request, response) => {
    // As rdap.org does: it knows only who knows.
    if (request.url?.startsWith('/registry') !== true) {
      asked.push(`${request.headers.accept} ${request.url}`);
      response.writeHead(302, { location: `/registry${request.url}` }).end();
      return;
    }
    response.setHeader('content-type', 'application/rdap+json');
    const events = [
      { eventAction: 'registration', eventDate: '1999-01-01T00:00:00Z' },
      { eventAction: 'expiration', eventDate },
    ];
    response.end(JSON.stringify({ rdapConformance: ['rdap_level_0'], objectClassName: 'domain', events }));
  });
  return { url: `http://127.0.0.1:${port}`, asked };
}
