import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { startBrowser } from '../test/support/browser.ts';
import { theShop } from '../test/support/public-facts.ts';
import { serveStatusPage } from '../test/support/status-page-server.ts';

/** Takes the picture of the status page that the README shows. */
const file = path.resolve(import.meta.dirname, '../docs/images/status-page.png');
const WIDTH = 1080;

await mkdir(path.dirname(file), { recursive: true });
const site = await serveStatusPage({ watched: theShop('degraded') });
const browser = await startBrowser();
try {
  const page = await browser.newPage({ viewport: { width: WIDTH, height: 900 }, colorScheme: 'light' });
  await page.goto(site.origin);
  const past = await page.locator('section').last().boundingBox();
  await page.screenshot({
    path: file,
    clip: { x: 0, y: 0, width: WIDTH, height: Math.ceil(past?.y ?? 900) },
    fullPage: true,
  });
} finally {
  await browser.close();
  await site.close();
}
