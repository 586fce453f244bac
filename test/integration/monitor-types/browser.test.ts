import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { after, type TestContext, test } from 'node:test';
import type { CheckResult } from '../../../src/monitoring/monitor-type.ts';
import { browser } from '../../../src/monitoring/types/browser.ts';
import { createBrowser } from '../../../src/platform/browser/browser.ts';
import { systemClock } from '../../../src/platform/system-clock.ts';
import { fakeIo, probe, reasonOf } from '../../support/probe-io.ts';
import { realBrowser } from '../../support/real-browser.ts';
import { selfSigned } from '../../support/servers/certificates.ts';
import { requireProgram } from '../../support/servers/install.ts';
import { closedPort, pourWithoutEnd, serveHttp, serveHttps, serveTcp } from '../../support/servers/misbehaving.ts';
import { PLANTED, tryType } from '../../support/type-trial.ts';

requireProgram({ name: 'chromium', packages: ['chromium'] });
after(() => realBrowser.close());

const PNG = Buffer.from('89504e470d0a1a0a', 'hex');

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that gives these pages; others are 404. */
async function site(t: TestContext, pages: Readonly<Record<string, string | Answer>>): Promise<string> {
  const port = await serveHttp(t, (request, response) => {
    const page = pages[request.url?.split('?')[0] ?? ''];
    response.setHeader('content-type', 'text/html');
    if (typeof page === 'function') page(request, response);
    else if (page === undefined) response.writeHead(404).end();
    else response.end(page);
  });
  return `http://127.0.0.1:${port}`;
}

const listens = (port: number) => ({ browser: `http://127.0.0.1:${port}/` });

tryType(browser, {
  up: async (t) => ({ browser: await site(t, { '/': '<title>Shop</title><h1>Pay now</h1>' }), text: 'Pay now' }),
  down: async () => listens(await closedPort()),
  degraded: async (t) => ({
    browser: `${await site(t, { '/': `<script>throw Error(location.search)</script>` })}/?token=${PLANTED}`,
  }),
  silent: async (t) => listens(await serveTcp(t, () => undefined)),
  hostile: {
    'is no web server': async (t) => listens(await serveTcp(t, (socket) => socket.end('\u001b[31mhello\n'))),
    'never ends its page': async (t) => listens(await serveHttp(t, (_request, response) => pourWithoutEnd(response))),
    'keeps the browser busy': async (t) => ({ browser: await site(t, { '/': '<script>for (;;);</script>' }) }),
    'hands out a file': async (t) => ({
      browser: await site(t, {
        '/': (_request, response) => void response.setHeader('content-disposition', 'attachment').end('hush'),
      }),
    }),
    'redirects without end': async (t) => ({
      browser: await site(t, { '/': (_request, response) => void response.writeHead(302, { location: '/' }).end() }),
    }),
  },
  rejected: async (t) => ({
    browser: `${await site(t, { '/': (_request, response) => void response.writeHead(401).end(PLANTED) })}/?key=${PLANTED}`,
    headers: { authorization: `Bearer ${PLANTED}` },
  }),
});

test('browser: what scripts put on the page is waited for, and what is not seen is not there', async (t) => {
  const page = `<p hidden>Sold out</p><div id=late></div><script>
    setTimeout(() => { late.innerHTML = '<b>Pay\\n  now</b>'; }, 150);
  </script>`;
  const address = await site(t, { '/': page });
  const look = (settings: object) => probe(browser, { browser: address, ...settings }, { timeoutMs: 5_000 });

  const [waited, selected, invalid] = await Promise.all([
    look({ text: 'Pay now' }),
    look({ selector: '#late b' }),
    look({ selector: 'p[[' }),
  ]);
  const [hidden, invisible] = await Promise.all([look({ text: 'Sold out' }), look({ selector: 'p' })]);

  assert.equal(waited?.state, 'up');
  assert.equal(selected?.state, 'up');
  assert.match(reasonOf(hidden), /did not show "Sold out" within 5s\.$/);
  assert.match(reasonOf(invisible), /did not show anything that is "p" within 5s\.$/);
  assert.match(reasonOf(invalid), /"p\[\[" is no CSS selector\.$/);
});

test('browser: status, title and conditions are judged, and a picture is kept of what is wrong', async (t) => {
  const address = await site(t, {
    '/': '<title>Shop</title><h1>In stock: 3</h1>',
    '/broken': (_request, response) => void response.writeHead(500).end('<h1>Oops</h1>'),
  });
  const look = (path: string, settings: object = {}) => probe(browser, { browser: address + path, ...settings });

  const [fine, broken, titled, judged, expected] = await Promise.all([
    look('/'),
    look('/broken'),
    look('/', { title_contains: 'Checkout' }),
    look('/', { expect: { degraded: ['[BODY] == pat(*stock: 9*)'] } }),
    look('/broken', { expect: ['[STATUS] == 500'] }),
  ]);

  assert.deepEqual(
    [fine, broken, titled, judged, expected].map((result) => result?.state),
    ['up', 'down', 'down', 'degraded', 'up'],
  );
  assert.deepEqual(fine?.picture, undefined);
  assert.deepEqual(Object.keys(fine?.readings ?? {}), ['first_byte', 'load', 'script_errors']);
  assert.match(reasonOf(broken), /\/broken answered 500, expected 2xx\.$/);
  assert.match(reasonOf(titled), /is called "Shop", expected "Checkout" in its title\.$/);
  for (const result of [broken, titled, judged]) assertPicture(result);
});

test('browser: scripts that fail are degraded, or ignored', async (t) => {
  const address = await site(t, { '/': '<script>throw Error("one")</script><script>undefined.two</script>' });

  const failing = await probe(browser, { browser: address });
  assert.match(reasonOf(failing), /has 2 errors in its scripts, first "one"\.$/);
  assertPicture(failing);
  assert.equal((await probe(browser, { browser: address, script_errors: 'ignored' }))?.state, 'up');
});

test('browser: headers go to the host of the page, and to nobody else', async (t) => {
  const seen: string[] = [];
  const hear = ({ headers, url }: IncomingMessage) =>
    void seen.push(`${headers.host?.split(':')[0]} ${url} ${String(headers['x-key'] ?? 'nothing')}`);
  const note: Answer = (request, response) => {
    hear(request);
    response.setHeader('access-control-allow-origin', '*').setHeader('access-control-allow-headers', '*').end('fine');
  };
  const other = (await site(t, { '/part': note, '/moved': note })).replace('127.0.0.1', 'localhost');
  const own = await site(t, {
    '/': (request, response) => {
      hear(request);
      response.end(`<script>Promise.all(['/part', '/leads-away', '${other}/part'].map((url) => fetch(url)))
        .then(() => document.body.append('all there'))</script><body>`);
    },
    '/part': note,
    '/leads-away': (_request, response) => void response.writeHead(302, { location: `${other}/moved` }).end(),
  });

  const result = await probe(browser, { browser: own, headers: { 'X-Key': 'hush' }, text: 'all there' });

  assert.equal(result?.state, 'up', JSON.stringify(result));
  assert.deepEqual(seen.toSorted(), [
    '127.0.0.1 / hush',
    '127.0.0.1 /part hush',
    'localhost /moved nothing',
    'localhost /part nothing',
  ]);
});

test('browser: no page gets to the metadata of a cloud, opens windows or leaves anything behind', async (t) => {
  const address = await site(t, {
    '/': `<script>
      open('/popup');
      const had = document.cookie + localStorage.length;
      document.cookie = 'left=1'; localStorage.left = 1;
      fetch('http://169.254.169.254/latest', { mode: 'no-cors' }).then(() => 'reached', () => 'refused')
        .then((word) => document.body.append('metadata ' + word + ', had ' + had));
    </script><body>`,
    '/popup': '<h1>Popup</h1>',
  });
  const look = () => probe(browser, { browser: address, text: 'metadata refused, had 0' });

  assert.equal((await look())?.state, 'up');
  assert.equal((await look())?.state, 'up');
  assert.match(
    reasonOf(await probe(browser, { browser: 'http://169.254.169.254/latest' })),
    /169\.254\.169\.254 leads to a metadata address/,
  );
});

test('browser: a certificate that nobody vouches for is down unless it need not be valid', async (t) => {
  const port = await serveHttps(t, selfSigned(t), (_request, response) => void response.end('<h1>fine</h1>'));
  const address = `https://127.0.0.1:${port}/`;

  assert.match(
    reasonOf(await probe(browser, { browser: address })),
    /certificate of an authority that browsers do not trust/,
  );
  assert.equal((await probe(browser, { browser: address, verify_tls: false }))?.state, 'up');
});

test('browser: where there is none it says so, with what to do', async () => {
  const visit = () => createBrowser({ clock: systemClock, program: '/not/there' }).visit;
  const check = browser.prepare(browser.settings.parse({ browser: 'http://127.0.0.1:1' }));

  const reason = reasonOf(await check(fakeIo({ browser: { visit: visit() } })));

  assert.match(reason, /^The web browser of this machine does not start: .* EVENKEEL_BROWSER names another\.$/);
});

function assertPicture(result: CheckResult | undefined): void {
  const picture = result?.picture ?? new Uint8Array();
  assert.ok(Buffer.from(picture).subarray(0, PNG.length).equals(PNG), `${picture.length} bytes are no picture`);
}
