import * as z from 'zod';
import { type ApiClient, createApiClient } from '../service/api-client.ts';
import { flag, port, webAddress } from '../service/environment.ts';
import { styleSheet } from '../service/page.ts';
import { runProcess } from '../service/process.ts';
import { type Answer, json, type Request, type Route, startServer } from '../service/server.ts';
import { checkoutPage, emptyCartPage, failurePage, orderPage, productsPage } from './pages.ts';
import { Order, Products, readCart } from './shop.ts';

const variables = { WEB_PORT: port, API_URL: webAddress, SHOP_BREAKABLE: flag };

await runProcess('web', variables, async ({ WEB_PORT, API_URL, SHOP_BREAKABLE }, log) => {
  const routes = routesOver(createApiClient(API_URL));
  return startServer({ port: WEB_PORT, log, routes, failure: failurePage, isBreakable: SHOP_BREAKABLE });
});

const Health = z.object({ status: z.string() });

function routesOver(api: ApiClient): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/health',
      isRoutine: true,
      async handle() {
        // Without the api there is nothing to sell, and saying "ok" would be a lie.
        const health = await api.get('/health', Health).catch(() => undefined);
        return json(health === undefined ? 503 : 200, { api: health === undefined ? 'does not answer' : 'ok' });
      },
    },
    { method: 'GET', path: '/style.css', handle: styleSheet },
    {
      method: 'GET',
      path: '/',
      handle: async () => productsPage((await api.get('/products', Products)) ?? []),
    },
    {
      method: 'GET',
      path: '/checkout',
      async handle({ url }) {
        const cart = readCart(url.searchParams, (await api.get('/products', Products)) ?? []);
        return cart.length === 0 ? emptyCartPage() : checkoutPage(200, { cart, customer: '', email: '' });
      },
    },
    {
      method: 'POST',
      path: '/checkout',
      handle: (request) => placeOrder(api, request),
    },
    {
      method: 'GET',
      path: '/orders/:id',
      async handle({ params }) {
        const order = await api.get(`/orders/${encodeURIComponent(params['id'] ?? '')}`, Order);
        return order === undefined ? failurePage(404) : orderPage(order);
      },
    },
  ];
}

async function placeOrder(api: ApiClient, { url, body }: Request): Promise<Answer> {
  const cart = readCart(url.searchParams, (await api.get('/products', Products)) ?? []);
  if (cart.length === 0) return emptyCartPage();
  const form = new URLSearchParams(body);
  const customer = form.get('customer') ?? '';
  const email = form.get('email') ?? '';
  const lines = cart.map(({ product, quantity }) => ({ product: product.id, quantity }));

  const { status, text } = await api.post('/orders', { customer, email, lines });
  if (status !== 201) {
    const { error } = z.object({ error: z.string() }).parse(JSON.parse(text));
    return checkoutPage(status, { cart, customer, email, problem: error });
  }
  const { id } = z.object({ id: z.string() }).parse(JSON.parse(text));
  // Reloading the page that follows must not order again.
  return { status: 303, headers: { location: `/orders/${id}` }, body: '' };
}
