import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { FakeClock } from '../../../test/support/fake-clock.ts';
import {
  anAppModel,
  factsOf,
  SHOP_NOW,
  SHOP_SETTINGS,
  theShop,
  type Watched,
  watched,
} from '../../../test/support/public-facts.ts';
import { aSource, readyFacts } from '../../../test/support/readiness-facts.ts';
import { createStatus, STATUS_DEFAULTS, type StatusSettings } from '../../status/index.ts';
import { renderPage } from './page.ts';

const PAGE_BYTES_MAX = 15_000;
const HOSTILE = `"><script>alert(1)</script><img src=x onerror=alert(1)>'&{0}{`;

async function pageOf(
  all: readonly Watched[],
  settings: Partial<StatusSettings> = SHOP_SETTINGS,
  language = 'en',
  ready = readyFacts(),
): Promise<string> {
  const status = createStatus({
    clock: new FakeClock(new Date(SHOP_NOW).toISOString()),
    monitoring: factsOf(all),
    ...ready,
    described: () => ({ model: anAppModel(), settings: { ...STATUS_DEFAULTS, ...settings } }),
  });
  return renderPage(await status.view(), language, SHOP_NOW);
}

test('the page tells state, history and uptime of every public service in words [STA-01/R] [STA-09/R]', async () => {
  const page = await pageOf(theShop('degraded'));

  assert.match(page, /<h1>Checkout and payments is not working well<\/h1>/);
  assert.match(page, /<h4>Website<\/h4><p class="svc-state ok"><span class="word">Operational<\/span>/);
  assert.match(page, /Website, last 90 days: 99\.98% available\. 1 day with an event: 14 Oct Outage, 17 mins\./);
  assert.match(page, /<p class="svc-up num">99\.98%<\/p>/);
  assert.match(page, /Last checked 14:34 UTC/);
});

test('nothing of what monitoring knows but the public may not see is on the page', async () => {
  for (const language of ['en', 'de', 'ar']) {
    const page = await pageOf(theShop('outage'), SHOP_SETTINGS, language);

    assert.doesNotMatch(page, /internal-host|8443|ECONNREFUSED|10\.1\.2\.3|5432|>db<|postgres/);
  }
});

test('the page tells how ready we are, in the words of what was measured', async () => {
  const page = await pageOf(theShop('working'));

  assert.match(page, /<h2 id="ready">How ready we are<\/h2><p>Measured, not promised\.<\/p>/);
  assert.match(page, /<dt>Last backup proven by a full restore<\/dt>/);
  assert.match(page, /<time datetime="2026-11-20T08:14:10\.000Z">6 hours ago<\/time>/);
  assert.match(page, /Restored and checked in 11 minutes, 40 seconds/);
  assert.match(page, /<dt>Last alert delivered<\/dt>[^]*Accepted 0\.4 seconds after we were sure/);
});

test('without anything to tell, or when it is kept private, the page has no such section', async () => {
  const nothing = await pageOf(theShop('working'), {}, 'en', readyFacts([], []));
  const hidden = await pageOf(theShop('working'), { readiness: false });

  for (const page of [nothing, hidden]) assert.doesNotMatch(page, /id="ready"|class="card proof"/);
});

test('a backup that nobody restored yet is called unproven', async () => {
  const page = await pageOf(theShop('working'), {}, 'en', readyFacts([aSource({ lastProof: null })], []));

  assert.match(page, /<p class="big">No backup has been proven yet<\/p>/);
  assert.doesNotMatch(page, /Last alert delivered/);
});

test('markup in any text field is shown as text', async () => {
  const hostile = watched({ name: HOSTILE, description: HOSTILE, state: 'down', since: SHOP_NOW - 60_000 }, [
    ['2026-11-09', 46, 'down'],
  ]);
  const settings = { title: HOSTILE, groups: { [HOSTILE]: [HOSTILE] }, names: { [HOSTILE]: HOSTILE } };
  for (const language of ['en', 'de', 'ar']) {
    const page = await pageOf([hostile], settings, language);

    assert.doesNotMatch(page, /<script|<img/);
    assert.ok(page.includes('&lt;script&gt;alert(1)&lt;/script&gt;'));
  }
});

test('the page has no script, no style attribute and no event handler', async () => {
  const page = await pageOf(theShop('outage'));

  assert.doesNotMatch(page, /<script|\sstyle="|\son\w+="|http-equiv/);
});

test('20 services with 90 days fit into 15 kB gzipped, whatever happened to them', async () => {
  const states = ['down', 'degraded', 'maintenance'] as const;
  const troubledOn = (service: number) => (day: number) => {
    const date = new Date(SHOP_NOW - (day + 1) * 86_400_000).toISOString().slice(0, 10);
    return [date, 3 + ((service * 7 + day * 13) % 300), states[(service + day) % 3] ?? 'down'] as const;
  };
  const services = Array.from({ length: 20 }, (_, service) => {
    const days = Array.from({ length: service < 10 ? 4 : 1 }, (_each, index) => index * 17 + service);
    return watched(
      { name: `service-${service}`, description: `What service ${service} does` },
      days.map(troubledOn(service)),
    );
  });

  for (const language of ['en', 'de', 'ar']) {
    const size = gzipSync(await pageOf(services, {}, language), { level: 9 }).length;

    assert.ok(size <= PAGE_BYTES_MAX, `${language}: ${size} bytes`);
  }
});

test('90 bad days of one service make 14 rows and a count', async () => {
  const spells = Array.from({ length: 40 }, (_, day) => {
    const date = new Date(SHOP_NOW - (day + 1) * 86_400_000).toISOString().slice(0, 10);
    return [date, 5, 'down'] as const;
  });

  const page = await pageOf([watched({ name: 'web' }, spells)], {});

  assert.equal(page.match(/<th scope="row">/g)?.length, 14);
  assert.match(page, /and 26 earlier days/);
});

test('before the first result the page says so, with what is watched', async () => {
  const fresh = ['web', 'api'].map((name) => watched({ name, state: 'unknown', since: null, lastCheckedAt: null }));

  const page = await pageOf(fresh, {});

  assert.match(page, /<h1>We have just started to look<\/h1>/);
  assert.match(page, /Watching web and api\./);
  assert.match(page, /Not checked yet/);
  assert.doesNotMatch(page, /available|%</);
});

test('an application that watches nothing yet gets a page that says what is missing', async () => {
  assert.match(await pageOf([], {}), /Nothing is shown here yet/);
});

test('the language menu offers the languages of the manifest and is away when there is one', async () => {
  const both = await pageOf(theShop('working'), { languages: ['de', 'en'] }, 'de');
  const one = await pageOf(theShop('working'), { languages: ['de'] }, 'de');

  assert.match(both, /href="\?lang=de" hreflang="de" lang="de" dir="auto" aria-current="true"/);
  assert.doesNotMatch(both, /lang=ar/);
  assert.doesNotMatch(one, /\?lang=/);
});

test('Arabic is written from right to left [STA-06/R]', async () => {
  assert.match(await pageOf(theShop('working'), {}, 'ar'), /<html lang="ar" dir="rtl">/);
});
