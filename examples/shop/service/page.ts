import { type Html, html } from './html.ts';
import type { Answer } from './server.ts';
import { STYLE } from './style.ts';

/** What all pages of one site have in common. */
export interface Site {
  readonly name: string;
  readonly footer: string;
}

export function page({ name, footer }: Site, status: number, heading: string, content: Html): Answer {
  const { text } = html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>${heading} · ${name}</title>
    <link rel="stylesheet" href="/style.css">
    <link rel="icon" href="data:,">
  </head>
  <body>
    <header><a href="/">${name}</a></header>
    <main>
      <h1>${heading}</h1>
      ${content}
    </main>
    <footer>${footer}</footer>
  </body>
</html>
`;
  return { status, headers: PAGE_HEADERS, body: text };
}

export function styleSheet(): Answer {
  return { status: 200, headers: { 'content-type': 'text/css; charset=utf-8' }, body: STYLE };
}

const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
};
