import type { Database } from './database.ts';

const STOCK = 10_000;

const PRODUCTS = [
  { id: 'kettle', name: 'Enamel kettle', description: 'Two litres, whistles politely.', priceCents: 3_900 },
  { id: 'teapot', name: 'Stoneware teapot', description: 'Keeps four cups warm for an hour.', priceCents: 4_450 },
  { id: 'assam', name: 'Assam, 250 g', description: 'Strong and malty; takes milk well.', priceCents: 1_290 },
  { id: 'sencha', name: 'Sencha, 100 g', description: 'Fresh and grassy, from this spring.', priceCents: 1_480 },
  { id: 'mug', name: 'Wide mug', description: 'Holds 350 ml and both hands.', priceCents: 1_600 },
  { id: 'honey', name: 'Linden honey, 500 g', description: 'From eleven hives behind the station.', priceCents: 950 },
];

/** Fills an empty shop; a second start changes nothing. */
export async function stockShelves(database: Database): Promise<void> {
  const insert = `insert into product (id, name, description, price_cents, stock) values ($1, $2, $3, $4, $5)
                  on conflict (id) do nothing`;
  await database.transaction(async (query) => {
    for (const { id, name, description, priceCents } of PRODUCTS) {
      await query(insert, [id, name, description, priceCents, STOCK]);
    }
  });
}
