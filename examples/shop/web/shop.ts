import * as z from 'zod';

/** What the api says, as far as the pages need it. */
export const Products = z.array(
  z.object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    priceCents: z.int(),
    isAvailable: z.boolean(),
  }),
);
export type Product = z.output<typeof Products>[number];

export const Order = z.object({
  id: z.string(),
  customer: z.string(),
  status: z.enum(['placed', 'fulfilled']),
  lines: z.array(z.object({ name: z.string(), quantity: z.int(), priceCents: z.int() })),
});
export type Order = z.output<typeof Order>;

export interface CartLine {
  readonly product: Product;
  readonly quantity: number;
}

export const QUANTITY_MAX = 20;

/** The cart is in the address, as `?assam=2&mug=1`: nothing to store, and a link to a cart can be shared. */
export function readCart(chosen: URLSearchParams, products: readonly Product[]): readonly CartLine[] {
  return products.flatMap((product) => {
    const quantity = Number(chosen.get(product.id));
    return Number.isInteger(quantity) && quantity >= 1 && quantity <= QUANTITY_MAX ? [{ product, quantity }] : [];
  });
}

export function totalOf(lines: readonly { readonly quantity: number; readonly priceCents: number }[]): number {
  return lines.reduce((sum, { quantity, priceCents }) => sum + quantity * priceCents, 0);
}
