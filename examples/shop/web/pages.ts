import { type Html, html } from '../service/html.ts';
import { page } from '../service/page.ts';
import type { Answer } from '../service/server.ts';
import { type CartLine, type Order, type Product, QUANTITY_MAX, totalOf } from './shop.ts';

const SITE = { name: 'Second Steep', footer: 'A shop that exists to be watched. Nothing is sold here.' };
const euros = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' });
const price = (cents: number) => euros.format(cents / 100);

export function productsPage(products: readonly Product[]): Answer {
  return page(
    SITE,
    200,
    'Tea and what belongs to it',
    html`
      <form action="/checkout">
        <ul class="products">${products.map(productCard)}</ul>
        <p><button>Go to checkout</button></p>
      </form>`,
  );
}

export function emptyCartPage(): Answer {
  return page(
    SITE,
    200,
    'Checkout',
    html`<p>Your cart is empty.</p>
      <p><a href="/">Choose something</a></p>`,
  );
}

export interface Checkout {
  readonly cart: readonly CartLine[];
  readonly customer: string;
  readonly email: string;
  /** Why the last attempt was refused. */
  readonly problem?: string;
}

export function checkoutPage(status: number, { cart, customer, email, problem }: Checkout): Answer {
  const lines = cart.map(({ product, quantity }) => ({ ...product, quantity }));
  return page(
    SITE,
    status,
    'Checkout',
    html`
      ${problem === undefined ? '' : html`<p class="problem" role="alert">${problem}</p>`}
      ${linesTable(lines)}
      <form method="post" class="details">
        <label>Your name <input name="customer" autocomplete="name" required maxlength="100" value="${customer}"></label>
        <label>Your e-mail address <input name="email" type="email" autocomplete="email" required value="${email}"></label>
        <p><button>Place the order</button> <a href="/">Back to the shop</a></p>
      </form>`,
  );
}

export function orderPage(order: Order): Answer {
  const progress = order.status === 'placed' ? 'We are packing it.' : 'It is on its way.';
  return page(
    SITE,
    200,
    `Thank you, ${order.customer}`,
    html`
      <p>Your order is safe with us. <strong>${progress}</strong></p>
      ${linesTable(order.lines)}
      <p class="quiet">Order ${order.id}</p>
      <p><a href="/">Back to the shop</a></p>`,
  );
}

export function failurePage(status: number): Answer {
  if (status === 404) return page(SITE, 404, 'There is no such page', html`<p><a href="/">Go to the shop</a></p>`);
  return page(
    SITE,
    status,
    'The shop is closed for a moment',
    html`<p>Something on our side does not work right now. Nothing was ordered. Please try again in a minute.</p>`,
  );
}

function productCard({ id, name, description, priceCents, isAvailable }: Product): Html {
  const choice = html`<label>Quantity of ${name}
    <input type="number" name="${id}" min="0" max="${QUANTITY_MAX}" value="0" inputmode="numeric"></label>`;
  return html`
    <li>
      <h2>${name}</h2>
      <p>${description}</p>
      <p class="price">${price(priceCents)}</p>
      ${isAvailable ? choice : html`<p>Sold out</p>`}
    </li>`;
}

function linesTable(
  lines: readonly { readonly name: string; readonly quantity: number; readonly priceCents: number }[],
): Html {
  return html`
    <table>
      <caption class="hidden">What you order</caption>
      <thead><tr><th scope="col">Product</th><th scope="col">Quantity</th><th scope="col">Price</th></tr></thead>
      <tbody>${lines.map(
        ({ name, quantity, priceCents }) =>
          html`<tr><th scope="row">${name}</th><td>${quantity}</td><td>${price(quantity * priceCents)}</td></tr>`,
      )}</tbody>
      <tfoot><tr><th scope="row" colspan="2">Total</th><td>${price(totalOf(lines))}</td></tr></tfoot>
    </table>`;
}
