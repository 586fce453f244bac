import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AppModel } from '../../src/contracts/app-model.ts';
import { createPublicFace } from '../../src/faces/public/public-face.ts';
import { createStatus, STATUS_DEFAULTS, type StatusSettings } from '../../src/status/index.ts';
import { FakeClock } from './fake-clock.ts';
import { anAppModel, factsOf, SHOP_NOW, SHOP_SETTINGS, type Watched } from './public-facts.ts';
import { type ReadyFacts, readyFacts } from './readiness-facts.ts';
import { silentLog } from './silent-log.ts';

export interface StatusPage {
  readonly origin: string;
  readonly close: () => Promise<void>;
}

export interface Scenario {
  readonly watched: readonly Watched[];
  readonly settings?: Partial<StatusSettings>;
  readonly model?: AppModel;
  readonly ready?: ReadyFacts;
}

/** The real public page on a free port, about facts that a test makes up. */
export async function serveStatusPage({ watched, settings, model, ready }: Scenario): Promise<StatusPage> {
  const clock = new FakeClock(new Date(SHOP_NOW).toISOString());
  const described = () => ({
    model: model ?? anAppModel(),
    settings: { ...STATUS_DEFAULTS, ...(settings ?? SHOP_SETTINGS) },
  });
  const status = createStatus({ clock, monitoring: factsOf(watched), ...(ready ?? readyFacts()), described });
  // A browser walk asks more often than a visitor: each request counts as another client.
  let requests = 0;
  const face = createPublicFace({ status, clock, log: silentLog, addressOf: () => `client ${(requests += 1)}` });
  await face.refresh();
  const server = createServer((request, response) => {
    if (!face.answer(request, response)) response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server's address is never a string
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
