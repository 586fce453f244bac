import { once } from 'node:events';
import path from 'node:path';
import * as z from 'zod';
import { PORTS } from './ports.ts';
import { port, postgresAddress, readEnvironment, webAddress } from './service/environment.ts';
import { startShop } from './start.ts';

const variables = {
  WEB_PORT: port.default(PORTS.web),
  API_PORT: port.default(PORTS.api),
  WORKER_PORT: port.default(PORTS.worker),
  CHAT_PORT: port.default(PORTS.chat),
  SHOP_DATA_DIR: z.string().default(path.join(import.meta.dirname, 'data')),
  DATABASE_URL: postgresAddress.optional(),
  WORKER_PING_URL: webAddress.optional(),
  CHAT_SECRET: z.string().optional(),
};

const reading = readEnvironment(variables, process.env);
if (reading.ok) {
  await run(reading.environment);
} else {
  process.stderr.write(`The shop cannot start:\n${reading.problems.map((problem) => `- ${problem}\n`).join('')}`);
  process.exitCode = 2;
}

async function run(environment: z.output<z.ZodObject<typeof variables>>): Promise<void> {
  const stopping = new AbortController();
  const isAsked = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]).then(() => stopping.abort());
  const shop = await startShop({
    dataDir: environment.SHOP_DATA_DIR,
    ports: {
      web: environment.WEB_PORT,
      api: environment.API_PORT,
      worker: environment.WORKER_PORT,
      chat: environment.CHAT_PORT,
    },
    log: (line) => process.stdout.write(`${line}\n`),
    signal: stopping.signal,
    databaseUrl: environment.DATABASE_URL,
    pingUrl: environment.WORKER_PING_URL,
    chatSecret: environment.CHAT_SECRET,
  });
  process.stderr.write(
    `The shop is open: ${shop.urls.web}\nThe chat of its team: ${shop.urls.chat}\nPress Ctrl-C to close it.\n`,
  );
  await isAsked;
  await shop.stop();
}
