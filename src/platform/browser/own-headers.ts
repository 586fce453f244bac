import type { Page } from 'playwright-core';

/**
 * Sends these with every request to the origin of `url`, and with no other: they may hold credentials, and neither
 * redirects nor what a page is made of may carry them to somebody else. Playwright's own ways would.
 */
export async function sendHeaders(page: Page, url: string, headers: Readonly<Record<string, string>>): Promise<void> {
  const { origin } = new URL(url);
  const own = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const session = await page.context().newCDPSession(page);
  session.on('Fetch.requestPaused', ({ requestId, request }) => {
    // What was sent to us before a redirect is in here again.
    const others = Object.entries(request.headers).filter(([name]) => !own.has(name.toLowerCase()));
    const isOurs = URL.parse(request.url)?.origin === origin;
    const sent = [...others, ...(isOurs ? own : [])].map(([name, value]) => ({ name, value }));
    session.send('Fetch.continueRequest', { requestId, headers: sent }).catch(() => undefined);
  });
  await session.send('Fetch.enable');
}
