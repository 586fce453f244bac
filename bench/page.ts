import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import autocannon from 'autocannon';
import { type Benchmark, runBenchmarks } from './benchmark.ts';
import { median } from './figure.ts';

const RATIO_MIN = 0.6;
const PAGE_BYTES_MAX = 15_000;
const SERVICES = 20;
const CONNECTIONS = 20;
const WARM_UP_S = 1;
const HEADERS = {
  accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'accept-language': 'en-GB,en;q=0.9,de;q=0.8',
  'accept-encoding': 'gzip, deflate',
};

interface Measured {
  readonly perSecond: number;
  readonly bytes: number;
}

export const page: Benchmark = {
  name: 'page',
  summary: `the public page of ${SERVICES} services over 90 days, and a bare node:http server of the same bytes`,
  async measure({ rounds, seconds }) {
    const measured: { page: Measured; bare: Measured }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      measured.push({ bare: await measureServer('bare', seconds), page: await measureServer('page', seconds) });
    }
    const of = (pick: (round: { page: Measured; bare: Measured }) => number) => median(measured.map(pick));
    const ratio = of((round) => round.page.perSecond / round.bare.perSecond);
    return [
      { name: 'page', value: of((round) => round.page.perSecond), unit: 'requests/s' },
      { name: 'bare node:http', value: of((round) => round.bare.perSecond), unit: 'requests/s' },
      { name: 'page / bare', value: ratio, unit: 'ratio', target: { atLeast: RATIO_MIN } },
      {
        name: 'page, gzipped',
        value: of((round) => round.page.bytes),
        unit: 'bytes',
        target: { atMost: PAGE_BYTES_MAX },
      },
    ];
  },
};

async function measureServer(kind: 'page' | 'bare', seconds: number): Promise<Measured> {
  const child = fork(path.join(import.meta.dirname, 'page-server.ts'), [kind, String(SERVICES)]);
  const url = `http://127.0.0.1:${await portOf(child)}/`;
  const head = await fetch(url, { method: 'HEAD', headers: HEADERS });
  await autocannon({ url, headers: HEADERS, connections: CONNECTIONS, duration: WARM_UP_S });
  const result = await autocannon({ url, headers: HEADERS, connections: CONNECTIONS, duration: seconds });
  child.disconnect();
  await once(child, 'exit');
  if (result.non2xx + result.errors > 0) throw new Error(`The ${kind} server did not answer every request.`);
  return { perSecond: result.requests.average, bytes: Number(head.headers.get('content-length')) };
}

async function portOf(child: ChildProcess): Promise<number> {
  const [port]: unknown[] = await once(child, 'message');
  return Number(port);
}

if (import.meta.main) await runBenchmarks([page]);
