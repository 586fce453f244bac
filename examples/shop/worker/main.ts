import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { createApiClient } from '../service/api-client.ts';
import { flag, port, webAddress } from '../service/environment.ts';
import { type Log, reasonOf } from '../service/log.ts';
import { runProcess } from '../service/process.ts';
import { json, startServer } from '../service/server.ts';

const variables = {
  WORKER_PORT: port,
  API_URL: webAddress,
  /** Told after each good run. It holds a secret key: it is never logged. */
  WORKER_PING_URL: webAddress.optional(),
  WORKER_EVERY_MS: z.coerce.number('expected milliseconds').int().min(100).default(2_000),
  SHOP_BREAKABLE: flag,
};

const PING_TIMEOUT_MS = 2_000;

await runProcess('worker', variables, async (environment, log) => {
  const { WORKER_PORT, API_URL, WORKER_PING_URL, WORKER_EVERY_MS, SHOP_BREAKABLE } = environment;
  const api = createApiClient(API_URL);
  const stopping = new AbortController();
  let lastRun: 'good' | 'failed' | 'none yet' = 'none yet';

  async function runForEver(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        if (server.isBroken()) throw new Error('broken on purpose');
        const { text } = await api.post('/fulfilment', {});
        const { fulfilled } = z.object({ fulfilled: z.int() }).parse(JSON.parse(text));
        if (fulfilled > 0) log.info('orders fulfilled', { count: fulfilled });
        lastRun = 'good';
        await ping(WORKER_PING_URL, log);
      } catch (error) {
        lastRun = 'failed';
        log.error('a run failed', { reason: reasonOf(error) });
      }
      await sleep(WORKER_EVERY_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  const server = await startServer({
    port: WORKER_PORT,
    log,
    routes: [
      {
        method: 'GET',
        path: '/health',
        isRoutine: true,
        handle: () => json(lastRun === 'good' ? 200 : 503, { lastRun }),
      },
    ],
    failure: (status) => json(status, { error: 'failed' }),
    isBreakable: SHOP_BREAKABLE,
  });
  const running = runForEver();
  return {
    port: server.port,
    async stop() {
      stopping.abort();
      await Promise.all([running, server.stop()]);
    },
  };
});

/** A ping that fails must not fail the work; whoever waits for it will notice that it is missing. */
async function ping(url: string | undefined, log: Log): Promise<void> {
  if (url === undefined) return;
  try {
    const response = await fetch(url, { method: 'POST', signal: AbortSignal.timeout(PING_TIMEOUT_MS) });
    if (!response.ok) log.warn('the heartbeat was refused', { status: response.status });
  } catch (error) {
    log.warn('the heartbeat did not arrive', { reason: reasonOf(error) });
  }
}
