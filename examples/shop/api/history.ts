import type { Database } from './database.ts';
import { fulfilOrders, placeOrder } from './orders.ts';

const CUSTOMERS = ['Ada', 'Bela', 'Chidi', 'Dora', 'Emre', 'Farah', 'Goran', 'Hana'];
const PRODUCTS = ['assam', 'honey', 'kettle', 'mug', 'sencha', 'teapot'];
const ORDERS = 24;
const LINES_MAX = 3;
const HOURS_BETWEEN = 6;
const HOUR_MS = 3_600_000;

/** Orders of the last days, so that a new shop has something to lose. One that has orders is left as it is. */
export async function writeHistory(database: Database, now: number): Promise<void> {
  const orders = await database.query('select id from customer_order limit 1');
  if (orders.length > 0) return;
  for (let index = 0; index < ORDERS; index += 1) {
    const customer = CUSTOMERS[index % CUSTOMERS.length] ?? 'Ada';
    const lines = Array.from({ length: 1 + (index % LINES_MAX) }, (_, line) => ({
      product: PRODUCTS[(index + line) % PRODUCTS.length] ?? 'mug',
      quantity: 1 + ((index + line) % 2),
    }));
    const order = { customer, email: `${customer.toLowerCase()}@example.com`, lines };
    await placeOrder(database, order, now - (ORDERS - index) * HOURS_BETWEEN * HOUR_MS);
  }
  await fulfilOrders(database, now);
}
