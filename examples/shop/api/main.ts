import * as z from 'zod';
import { flag, port, postgresAddress } from '../service/environment.ts';
import { runProcess } from '../service/process.ts';
import { type Answer, json, type Route, startServer } from '../service/server.ts';
import { stockShelves } from './catalogue.ts';
import type { Database } from './database.ts';
import { writeHistory } from './history.ts';
import { findOrder, fulfilOrders, listProducts, NewOrder, placeOrder } from './orders.ts';
import { openPostgres } from './postgres.ts';
import { openSqlite } from './sqlite.ts';

const variables = {
  API_PORT: port,
  SHOP_DATA_DIR: z.string(),
  DATABASE_URL: postgresAddress.optional(),
  SHOP_BREAKABLE: flag,
};

await runProcess('api', variables, async (environment, log) => {
  const { DATABASE_URL, SHOP_DATA_DIR, API_PORT, SHOP_BREAKABLE } = environment;
  const database = DATABASE_URL === undefined ? openSqlite(SHOP_DATA_DIR) : await openPostgres(DATABASE_URL, log);
  await stockShelves(database);
  await writeHistory(database, Date.now());
  const routes = routesOver(database);
  const server = await startServer({ port: API_PORT, log, routes, failure, isBreakable: SHOP_BREAKABLE });
  return {
    port: server.port,
    async stop() {
      await server.stop();
      await database.close();
    },
  };
});

function failure(status: number): Answer {
  return json(status, { error: status === 404 ? 'There is no such thing.' : 'This did not work.' });
}

function routesOver(database: Database): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/health',
      isRoutine: true,
      async handle() {
        // A real question to the real table: a process that runs without its data is not healthy.
        const products = await database.query('select id from product limit 1').catch(() => []);
        return products.length > 0
          ? json(200, { status: 'ok' })
          : json(503, { status: 'the database does not answer' });
      },
    },
    {
      method: 'GET',
      path: '/products',
      handle: async () => json(200, await listProducts(database)),
    },
    {
      method: 'POST',
      path: '/orders',
      handle: ({ body }) => place(database, body),
    },
    {
      method: 'GET',
      path: '/orders/:id',
      async handle({ params }) {
        const order = await findOrder(database, params['id'] ?? '');
        return order === undefined ? json(404, { error: 'There is no such order.' }) : json(200, order);
      },
    },
    {
      method: 'POST',
      path: '/fulfilment',
      isRoutine: true,
      handle: async () => json(200, { fulfilled: await fulfilOrders(database, Date.now()) }),
    },
  ];
}

async function place(database: Database, body: string): Promise<Answer> {
  const order = NewOrder.safeParse(parseJson(body));
  if (!order.success) return json(422, { error: order.error.issues[0]?.message ?? 'This is not an order.' });
  const placement = await placeOrder(database, order.data, Date.now());
  return placement.outcome === 'placed'
    ? json(201, { id: placement.id })
    : json(409, { error: `There is not enough of ${placement.product} left.` });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
