import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startBrowser } from '../support/browser.ts';
import { SHOP_NOW, theShop, watched } from '../support/public-facts.ts';
import { type StatusPage, serveStatusPage } from '../support/status-page-server.ts';

const WIDTHS = [1280, 390, 320] as const;
const SCHEMES = ['light', 'dark'] as const;
const LANGUAGES = ['en', 'ar'] as const;
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const HOSTILE = `"><script>alert(1)</script><img src=x onerror=alert(1)><style>*{display:none}</style>`;
/** WCAG 1.4.12: a reader may widen the text this far. */
const TEXT_SPACING =
  '*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-block-end:2em!important}';

describe('the public status page in a browser', { timeout: 180_000 }, () => {
  let browser: Browser;
  let shop: StatusPage;

  before(async () => {
    browser = await startBrowser();
    shop = await serveStatusPage({ watched: theShop('outage') });
  });

  after(async () => {
    await browser.close();
    await shop.close();
  });

  async function open(options: BrowserContextOptions = {}, path = '/'): Promise<Page> {
    // The page forbids scripts; axe and the measurements of this test are scripts.
    const context = await browser.newContext({ bypassCSP: true, ...options });
    const page = await context.newPage();
    await page.goto(`${shop.origin}${path}`);
    return page;
  }

  async function openAll(page: Page): Promise<void> {
    await page.evaluate(`for (const part of document.querySelectorAll('details.days')) part.open = true`);
  }

  for (const language of LANGUAGES) {
    for (const colorScheme of SCHEMES) {
      for (const width of WIDTHS) {
        test(`axe finds nothing: ${language}, ${colorScheme}, ${width} px [STA-04/R]`, async () => {
          const page = await open({ colorScheme, viewport: { width, height: 900 } }, `/?lang=${language}`);
          await openAll(page);

          const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();

          assert.deepEqual(
            violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`),
            [],
          );
          await page.context().close();
        });
      }
    }
  }

  test('the keyboard reaches everything, the skip link first, and every stop can be seen [STA-03/R]', async () => {
    const page = await open({ viewport: { width: 1280, height: 900 } });
    const stops: string[] = [];
    for (;;) {
      await page.keyboard.press('Tab');
      const stop = await page.evaluate<{ name: string; outline: number; isVisible: boolean } | null>(`(() => {
        const element = document.activeElement;
        if (element === null || element === document.body) return null;
        const style = getComputedStyle(element);
        const box = element.getBoundingClientRect();
        return {
          name: element.innerText.trim().replaceAll(/\\s+/g, ' '),
          outline: style.outlineStyle === 'none' ? 0 : Number.parseFloat(style.outlineWidth),
          isVisible: box.width > 0 && box.top >= 0 && box.bottom <= innerHeight,
        };
      })()`);
      if (stop === null) break;
      assert.ok(stop.outline >= 2, `${stop.name} has no visible focus`);
      assert.ok(stop.isVisible, `${stop.name} is out of sight`);
      stops.push(stop.name);
      assert.ok(stops.length < 60, 'the focus is trapped');
    }

    assert.equal(stops[0], 'Skip to content');
    assert.equal(stops[1], 'M Marlow Books status');
    assert.equal(stops[2], 'Language: English');
    assert.equal(stops.filter((name) => name.includes('affected')).length, 6);
    assert.equal(stops.at(-1), 'Contact support');
    await page.context().close();
  });

  test('the skip link leads to the content, and Enter opens the table of a service [STA-03/R]', async () => {
    const page = await open();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(`document.activeElement.id`), 'main');

    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');

    assert.ok(await page.getByRole('table', { name: /^Website: days with an event/ }).isVisible());
    await page.context().close();
  });

  test('a screen reader hears state, history and table of each service [STA-04/R]', async () => {
    const page = await open();
    await openAll(page);
    const heard = await page.locator('main').ariaSnapshot();

    assert.match(heard, /heading "Checkout and payments" \[level=4\]/);
    assert.match(heard, /Outage/);
    assert.match(
      heard,
      /img "Website, last 90 days: 99\.98% available\. 1 day with an event: 14 Oct Outage, 17 mins\."/,
    );
    assert.match(heard, /columnheader "When, UTC"/);
    assert.match(heard, /list "What the symbols mean"/);
    await page.context().close();
  });

  test('a screen reader hears how ready we are as terms and what was measured of each [STA-04/R]', async () => {
    const page = await open();
    const heard = await page.getByRole('region', { name: 'How ready we are' }).ariaSnapshot();

    assert.match(heard, /term: Last backup proven by a full restore\s+- definition:[^]*time: 6 hours ago/);
    assert.match(heard, /Restored and checked in 11 minutes, 40 seconds/);
    assert.match(heard, /term: Last alert delivered\s+- definition:[^]*time: 3 minutes ago/);
    await page.context().close();
  });

  test('without scripts everything can be read and opened, and languages can be changed', async () => {
    const page = await open({ javaScriptEnabled: false, bypassCSP: false });

    assert.equal(await page.locator('h1').innerText(), 'Checkout and payments and API are not working');
    assert.equal(await page.locator('.bars').count(), 8);
    await page.locator('.days summary').first().click();
    assert.ok(await page.locator('.days table').first().isVisible());
    await page.locator('.pop summary').click();
    await page.getByRole('link', { name: 'Deutsch' }).click();
    assert.match(await page.locator('h1').innerText(), /funktionieren nicht/);
    await page.goto(`${shop.origin}/status`);
    assert.equal(await page.locator('html').getAttribute('lang'), 'de');
    await page.context().close();
  });

  for (const language of ['en', 'de', 'ar']) {
    test(`nothing scrolls sideways at 320 px, also with wide text: ${language}`, async () => {
      const page = await open({ viewport: { width: 320, height: 800 } }, `/?lang=${language}`);
      await openAll(page);
      const overflow = `document.documentElement.scrollWidth - innerWidth`;
      assert.equal(await page.evaluate(overflow), 0);

      await page.addStyleTag({ content: TEXT_SPACING });

      assert.equal(await page.evaluate(overflow), 0);
      await page.context().close();
    });
  }

  test('every state is told by a word and a shape of its own, never by colour alone [STA-05/R]', async () => {
    const page = await open({ viewport: { width: 390, height: 900 } });
    type Told = readonly { readonly word: string; readonly shape: string }[];
    const told = await page.evaluate<Told>(`[...document.querySelectorAll('.legend li:not(.note)')].map((item) => ({
      word: item.innerText.trim(), shape: item.querySelector('use').getAttribute('href') }))`);
    const services = await page.evaluate<Told>(`[...document.querySelectorAll('.svc')].map((item) => ({
      word: item.querySelector('.word').innerText, shape: item.querySelector('.svc-id use').getAttribute('href') }))`);

    assert.equal(new Set(told.map(({ word }) => word)).size, 5);
    assert.equal(new Set(told.map(({ shape }) => shape)).size, 5);
    assert.equal(services.length, 8);
    for (const { word, shape } of services) {
      assert.equal(shape, told.find((entry) => entry.word === word)?.shape, word);
    }
    await page.context().close();
  });

  test('bars differ in height by state, also when the system forces its colours [STA-05/R]', async () => {
    const page = await open({ forcedColors: 'active', viewport: { width: 1280, height: 900 } });
    const heights = await page.evaluate<Readonly<Record<string, number>>>(`Object.fromEntries(
      [...document.querySelectorAll('.bars i')].map((bar) => [bar.className || 'ok', Math.round(bar.getBoundingClientRect().height)]))`);
    const paper = await page.evaluate<string>(`getComputedStyle(document.body).backgroundColor`);
    const inks = await page.evaluate<readonly string[]>(
      `['.bars i', '.bars .down', '.bars .deg', '.bars .mnt', '.bars .non'].map((bar) => getComputedStyle(document.querySelector(bar)).backgroundColor)`,
    );

    assert.deepEqual(Object.keys(heights).toSorted(), ['deg', 'down', 'mnt', 'non', 'ok']);
    assert.equal(new Set(Object.values(heights)).size, 5);
    for (const ink of inks) assert.notEqual(ink, paper);
    await page.context().close();
  });

  test('nothing moves for visitors who asked for stillness', async () => {
    const page = await open({ reducedMotion: 'reduce' });
    const moving = await page.evaluate(`[...document.querySelectorAll('*')].filter((element) => {
      const { transitionDuration, animationName } = getComputedStyle(element);
      return transitionDuration !== '0s' || animationName !== 'none'; }).length`);

    assert.equal(moving, 0);
    await page.context().close();
  });

  test('fingers find targets of 44 px', async () => {
    const page = await open({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 900 } });
    for (const target of await page.locator('summary:visible').all()) {
      const box = await target.boundingBox();
      assert.ok((box?.height ?? 0) >= 44, await target.innerText());
    }
    await page.context().close();
  });

  test('markup in every text field is text, and the policy of the page would stop it anyway', async () => {
    const hostile = await serveStatusPage({
      watched: [watched({ name: HOSTILE, description: HOSTILE, state: 'down', since: SHOP_NOW - 60_000 })],
      settings: { title: HOSTILE, groups: { [HOSTILE]: [HOSTILE] }, names: { [HOSTILE]: HOSTILE } },
    });
    const page = await (await browser.newContext()).newPage();
    const dialogs: string[] = [];
    const blocked: string[] = [];
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    page.on('console', (message) => blocked.push(message.text()));
    try {
      await page.goto(hostile.origin);
      assert.equal(await page.locator('h4').innerText(), HOSTILE);
      assert.equal(await page.locator('.grp > h3').innerText(), HOSTILE);
      assert.equal(await page.locator('.desc').innerText(), HOSTILE);
      assert.equal(await page.locator('script, img').count(), 0);
      assert.deepEqual(blocked, []);

      // Had the escaping a hole, the policy would still stand: put the attack in by force.
      const attack = `document.body.insertAdjacentHTML('beforeend', '<img src="x" onerror="alert(1)"><p style="color:red">x</p>')`;
      await page.evaluate(attack);
      await page.waitForFunction(`document.images.length === 1 && document.images[0].complete`);
      assert.match(blocked.join('\n'), /Content Security Policy/);
      assert.deepEqual(dialogs, []);
    } finally {
      await page.context().close();
      await hostile.close();
    }
  });
});
