import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Database, Query } from './database.ts';

/** What a caller must send to place an order. */
export const NewOrder = z.strictObject({
  customer: z.string().trim().min(1, 'Tell us your name.').max(100, 'This name is too long.'),
  email: z.email('This does not look like an e-mail address.').max(200),
  lines: z
    .array(z.strictObject({ product: z.string().max(50), quantity: z.int().min(1).max(20) }))
    .min(1, 'The cart is empty.')
    .max(20)
    .refine((lines) => new Set(lines.map(({ product }) => product)).size === lines.length, 'A product appears twice.'),
});
export type NewOrder = z.output<typeof NewOrder>;

export type Placement =
  | { readonly outcome: 'placed'; readonly id: string }
  | { readonly outcome: 'sold out'; readonly product: string };

/** Takes the stock and writes the order in one transaction: nobody pays for what is not there. */
export async function placeOrder(database: Database, order: NewOrder, now: number): Promise<Placement> {
  try {
    return await database.transaction(async (query) => {
      const id = randomUUID();
      await query(
        'insert into customer (email, name, since) values ($1, $2, $3) on conflict (email) do update set name = excluded.name',
        [order.email, order.customer, now],
      );
      await query(
        `insert into customer_order (id, customer, email, status, placed_at) values ($1, $2, $3, 'placed', $4)`,
        [id, order.customer, order.email, now],
      );
      // Always in the same order, so that two orders never wait for each other's products.
      const lines = order.lines.toSorted((a, b) => a.product.localeCompare(b.product));
      for (const line of lines) await takeFromStock(query, id, line);
      return { outcome: 'placed', id };
    });
  } catch (error) {
    if (error instanceof SoldOut) return { outcome: 'sold out', product: error.product };
    throw error;
  }
}

export async function listProducts(database: Database): Promise<readonly unknown[]> {
  const rows = await database.query('select id, name, description, price_cents, stock from product order by name');
  return rows.map(({ price_cents, stock, ...product }) => ({
    ...product,
    priceCents: price_cents,
    isAvailable: Number(stock) > 0,
  }));
}

export async function findOrder(database: Database, id: string): Promise<unknown> {
  const [order] = await database.query('select id, customer, status from customer_order where id = $1', [id]);
  if (order === undefined) return undefined;
  const lines = await database.query(
    `select product.name, quantity, order_line.price_cents as "priceCents"
     from order_line join product on product.id = product_id where order_id = $1 order by product.name`,
    [id],
  );
  return { ...order, lines };
}

/** Sends out what was ordered, oldest first; returns how many. */
export async function fulfilOrders(database: Database, now: number): Promise<number> {
  const rows = await database.query(
    `update customer_order set status = 'fulfilled', fulfilled_at = $1
     where status = 'placed' and id in (select id from customer_order where status = 'placed' order by placed_at limit 100) returning id`,
    [now],
  );
  return rows.length;
}

async function takeFromStock(query: Query, order: string, line: NewOrder['lines'][number]): Promise<void> {
  const [product] = await query(
    'update product set stock = stock - $1 where id = $2 and stock >= $1 returning price_cents',
    [line.quantity, line.product],
  );
  if (product === undefined) throw new SoldOut(line.product);
  await query('insert into order_line (order_id, product_id, quantity, price_cents) values ($1, $2, $3, $4)', [
    order,
    line.product,
    line.quantity,
    Number(product['price_cents']),
  ]);
}

/** Leaves the transaction, so that nothing of the order stays. */
class SoldOut extends Error {
  override readonly name = 'SoldOut';
  readonly product: string;

  constructor(product: string) {
    super(`${product} is sold out`);
    this.product = product;
  }
}
