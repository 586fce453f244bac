import * as z from 'zod';
import { flag, port } from '../service/environment.ts';
import { type Html, html } from '../service/html.ts';
import { page, styleSheet } from '../service/page.ts';
import { runProcess } from '../service/process.ts';
import { type Answer, json, type Request, type Route, startServer } from '../service/server.ts';
import { createConversation, Message, type Received } from './messages.ts';
import { isGenuine } from './signature.ts';

const variables = {
  CHAT_PORT: port,
  /** The one that the channel in `evenkeel.yaml` signs with. */
  CHAT_SECRET: z.string().startsWith('whsec_', 'expected a secret that starts with whsec_'),
  SHOP_BREAKABLE: flag,
};

const SITE = { name: 'Team chat', footer: 'It stands in for the chat of your team. Reload it to see what is new.' };
const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone: 'UTC' });

await runProcess('chat', variables, async ({ CHAT_PORT, CHAT_SECRET, SHOP_BREAKABLE }, log) => {
  const routes = routesWith(CHAT_SECRET);
  return startServer({ port: CHAT_PORT, log, routes, failure, isBreakable: SHOP_BREAKABLE });
});

function failure(status: number): Answer {
  return json(status, { error: 'This did not work.' });
}

function routesWith(secret: string): readonly Route[] {
  const conversation = createConversation();
  return [
    { method: 'GET', path: '/health', isRoutine: true, handle: () => json(200, { status: 'ok' }) },
    { method: 'GET', path: '/style.css', isRoutine: true, handle: styleSheet },
    { method: 'GET', path: '/', isRoutine: true, handle: () => chatPage(conversation.newestFirst()) },
    { method: 'POST', path: '/alerts', handle: receive },
  ];

  function receive({ headers, body }: Request): Answer {
    const at = Date.now();
    if (!isGenuine({ headers, body }, secret, at)) return json(401, { error: 'The signature is not right.' });
    const message = Message.safeParse(JSON.parse(body));
    if (!message.success) return json(422, { error: 'This is not a message we understand.' });
    conversation.add({ id: String(headers['webhook-id']), at, message: message.data });
    return { status: 204, headers: {}, body: '' };
  }
}

function chatPage(received: readonly Received[]): Answer {
  const content =
    received.length === 0
      ? html`<p>Nobody has said anything yet. Break something: <code>examples/shop/break.ts api down</code></p>`
      : html`<ol class="messages">${received.map(messagePart)}</ol>`;
  return page(SITE, 200, 'What your team hears', content);
}

function messagePart({ at, message: { type, data } }: Received): Html {
  return html`
    <li class="${type.endsWith('.resolved') ? 'good' : 'bad'}">
      <h2>${data.title}</h2>
      ${data.text.map((paragraph) => html`<p>${paragraph}</p>`)}
      <p class="quiet">${type}, ${data.severity}. Arrived at ${time.format(at)} UTC, signed by Evenkeel.</p>
    </li>`;
}
