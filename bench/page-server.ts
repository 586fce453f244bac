/** One of the two servers that `page.ts` compares, in a process of its own: `bare` or `page`. Says its port. */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { gzipSync } from 'node:zlib';
import { createRateLimit } from '../src/faces/public/rate-limit.ts';
import { createSite } from '../src/faces/public/site.ts';
import { createSnapshots } from '../src/faces/public/snapshots.ts';
import { createStatus, STATUS_DEFAULTS } from '../src/status/index.ts';
import { FakeClock } from '../test/support/fake-clock.ts';
import { anAppModel, factsOf, SHOP_NOW, watched } from '../test/support/public-facts.ts';
import { readyFacts } from '../test/support/readiness-facts.ts';
import { silentLog } from '../test/support/silent-log.ts';

const [, , kind, services] = process.argv;
const clock = new FakeClock(new Date(SHOP_NOW).toISOString());
const render = createSite({
  status: createStatus({
    clock,
    monitoring: factsOf(Array.from({ length: Number(services) }, (_, index) => watchedService(index))),
    ...readyFacts(),
    described: () => ({ model: anAppModel(), settings: STATUS_DEFAULTS }),
  }),
  clock,
});

const server = createServer(kind === 'bare' ? await bare() : await page());
server.listen(0, '127.0.0.1');
await once(server, 'listening');
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server's address is never a string
process.send?.((server.address() as AddressInfo).port);
process.once('disconnect', () => process.exit());

async function page(): Promise<RequestListener> {
  const snapshots = createSnapshots({
    render,
    // The limit is asked as in production; it only never says no.
    limit: createRateLimit({ clock, burst: Number.MAX_SAFE_INTEGER, perSecond: 1, clientsMax: 1_000 }),
    addressOf: (request) => request.socket.remoteAddress ?? '',
    log: silentLog,
  });
  await snapshots.refresh();
  return (request, response) => void snapshots.answer(request, response);
}

/** The same bytes, and nothing else. */
async function bare(): Promise<RequestListener> {
  const { pages } = await render();
  const body = gzipSync(pages.get('en') ?? '', { level: 9 });
  const headers = {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Encoding': 'gzip',
    'Content-Length': body.length,
  };
  return (_request, response) => {
    response.writeHead(200, headers);
    response.end(body);
  };
}

function watchedService(index: number) {
  const outage = ['2026-11-09', 20 + index, 'down'] as const;
  return watched({ name: `service-${index}`, description: `What service ${index} does` }, [outage]);
}
