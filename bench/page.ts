import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import autocannon from 'autocannon';
import { createRateLimit } from '../src/faces/public/rate-limit.ts';
import { createSite } from '../src/faces/public/site.ts';
import { createSnapshots } from '../src/faces/public/snapshots.ts';
import { createStatus, STATUS_DEFAULTS } from '../src/status/index.ts';
import { FakeClock } from '../test/support/fake-clock.ts';
import { anAppModel, factsOf, SHOP_NOW, watched } from '../test/support/public-facts.ts';
import { silentLog } from '../test/support/silent-log.ts';

/**
 * Requests per second of the public page beside a bare `node:http` server of the same bytes, in turns so that a busy
 * machine is unfair to both. Fails below the limits of the design.
 */
const RATIO_MIN = 0.6;
const PAGE_BYTES_MAX = 15_000;
const SERVICES = 20;
const ROUNDS = 3;
const HEADERS = {
  accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'accept-language': 'en-GB,en;q=0.9,de;q=0.8',
  'accept-encoding': 'gzip, deflate',
};

const described = () => ({ model: anAppModel(), settings: STATUS_DEFAULTS });

const { values } = parseArgs({ options: { serve: { type: 'string' }, seconds: { type: 'string', default: '3' } } });
if (values.serve === undefined) await compare(Number(values.seconds));
else await serve(values.serve);

async function serve(kind: string): Promise<void> {
  const server = createServer(kind === 'bare' ? await bare() : await page());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server's address is never a string
  process.send?.((server.address() as AddressInfo).port);
  process.once('disconnect', () => process.exit());
}

async function page(): Promise<RequestListener> {
  const clock = new FakeClock(new Date(SHOP_NOW).toISOString());
  const all = Array.from({ length: SERVICES }, (_, index) =>
    watched({ name: `service-${index}`, description: `What service ${index} does` }, [
      ['2026-11-09', 20 + index, 'down'],
    ]),
  );
  const status = createStatus({ clock, monitoring: factsOf(all), described });
  // The limit is asked as in production; it only never says no.
  const limit = createRateLimit({ clock, burst: Number.MAX_SAFE_INTEGER, perSecond: 1, clientsMax: 1_000 });
  const snapshots = createSnapshots({
    render: createSite({ status, clock }),
    limit,
    addressOf: (request) => request.socket.remoteAddress ?? '',
    log: silentLog,
  });
  await snapshots.refresh();
  return (request, response) => void snapshots.answer(request, response);
}

async function bare(): Promise<RequestListener> {
  const { body, headers } = await firstAnswer(await page());
  return (_request, response) => {
    response.writeHead(200, headers);
    response.end(body);
  };
}

async function firstAnswer(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server's address is never a string
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { ...HEADERS, 'accept-encoding': 'identity' } });
  const text = await answer.text();
  server.close();
  server.closeAllConnections();
  const body = gzipSync(text, { level: 9 });
  const type = answer.headers.get('content-type') ?? '';
  return { body, headers: { 'Content-Type': type, 'Content-Encoding': 'gzip', 'Content-Length': body.length } };
}

async function compare(seconds: number): Promise<void> {
  const totals = { bare: 0, page: 0 };
  let bytes = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const kind of ['bare', 'page'] as const) {
      const child = fork(import.meta.filename, ['--serve', kind]);
      const [port]: unknown[] = await once(child, 'message');
      const url = `http://127.0.0.1:${String(port)}/`;
      bytes = Number((await fetch(url, { method: 'HEAD', headers: HEADERS })).headers.get('content-length'));
      await autocannon({ url, headers: HEADERS, connections: 20, duration: 1 });
      const result = await autocannon({ url, headers: HEADERS, connections: 20, duration: seconds });
      if (result.non2xx + result.errors > 0) throw new Error(`The ${kind} server did not answer every request.`);
      totals[kind] += result.requests.average / ROUNDS;
      child.disconnect();
      await once(child, 'exit');
    }
  }
  const ratio = totals.page / totals.bare;
  process.stdout.write(
    [
      `bare node:http  ${Math.round(totals.bare)} requests/s`,
      `status page     ${Math.round(totals.page)} requests/s`,
      `ratio           ${ratio.toFixed(2)} (at least ${RATIO_MIN})`,
      `gzipped         ${bytes} bytes (at most ${PAGE_BYTES_MAX}), ${SERVICES} services, 90 days`,
      '',
    ].join('\n'),
  );
  if (!(ratio >= RATIO_MIN) || !(bytes <= PAGE_BYTES_MAX)) process.exitCode = 1;
}
