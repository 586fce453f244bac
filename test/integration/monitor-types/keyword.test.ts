import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { keyword } from '../../../src/monitoring/types/keyword.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { pourWithoutEnd, serveHttp, serveTcp } from '../../support/servers/misbehaving.ts';
import { PLANTED, type Scene, tryType } from '../../support/type-trial.ts';

const page = (answer: string, settings: object = {}, status = 200): Scene => {
  return async (t) => {
    const port = await serveHttp(t, (_request, response) => response.writeHead(status).end(answer));
    return { keyword: `http://127.0.0.1:${port}/`, contains: 'Add to cart', ...settings };
  };
};

tryType(keyword, {
  up: page('<button>Add to cart</button>'),
  down: page('<h1>Sold out</h1>'),
  degraded: page('<button>Add to cart</button>', { expect: { degraded: ['[RESPONSE_TIME] < 0ms'] } }),
  async silent(t) {
    return { keyword: `http://127.0.0.1:${await serveTcp(t, () => undefined)}/`, contains: 'x' };
  },
  hostile: {
    async 'speaks another protocol'(t) {
      const port = await serveTcp(t, (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
      return { keyword: `http://127.0.0.1:${port}/`, contains: 'SSH' };
    },
    async 'never ends'(t) {
      const port = await serveHttp(t, (_request, response) => pourWithoutEnd(response));
      return { keyword: `http://127.0.0.1:${port}/`, contains: 'y', ignore_case: true };
    },
    'says back what it must not': page(`\u0007${PLANTED}\u202e`, { lacks: '\u0007' }),
  },
  async rejected(t) {
    const port = await serveHttp(t, (request, response) => {
      response.writeHead(401).end(`Add to cart ${request.headers.authorization}`);
    });
    const auth = { basic: { user: 'ada', password: PLANTED } };
    return { keyword: `http://127.0.0.1:${port}/?key=${PLANTED}`, contains: 'Add to cart', auth };
  },
});

test('keyword: every text that is missing and every one that must not be there is told, with the status', async (t) => {
  const port = await serveHttp(t, (_request, response) => response.writeHead(203).end('Fatal error: no cart'));
  const where = `127.0.0.1:${port}/shop`;
  const ask = (settings: object) => probe(keyword, { keyword: `http://${where}?k=hush`, ...settings });

  assert.equal((await ask({ contains: ['cart', 'error'], lacks: 'Warning' }))?.state, 'up');
  assert.equal(reasonOf(await ask({ contains: 'Cart' })), `${where} answered 203 without "Cart".`);
  assert.equal(
    reasonOf(await ask({ contains: ['cart', 'a1', 'a2', 'a3', 'a4'], lacks: ['Fatal error', 'Warning'] })),
    `${where} answered 203 without "a1" and "a2" and "a3" and 1 more, and with "Fatal error", which must not be there.`,
  );
});

test('keyword: in a page that comes compressed all the same nothing can be looked for', async (t) => {
  const port = await serveHttp(t, (_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('Fatal error'));
  });
  const where = `127.0.0.1:${port}`;

  const told = await probe(keyword, { keyword: `http://${where}/`, lacks: 'Fatal error' });

  assert.equal(told?.state, 'down');
  assert.equal(
    reasonOf(told),
    `${where} answered 200 with a compressed page ("gzip"), though it was asked for a plain one.`,
  );
});

test('keyword: case counts, unless told otherwise', async (t) => {
  const port = await serveHttp(t, (_request, response) => response.end('ÄPFEL und Birnen'));
  const settings = { keyword: `http://127.0.0.1:${port}/`, contains: 'äpfel', lacks: 'BIRNEN' };

  assert.match(reasonOf(await probe(keyword, settings)), /without "äpfel"\.$/);
  assert.match(reasonOf(await probe(keyword, { ...settings, ignore_case: true })), /200 with "BIRNEN", which/);
});

test('keyword: a page with the text and a bad status is down, unless that status is expected', async (t) => {
  const port = await serveHttp(t, (_request, response) => response.writeHead(503).end('Back soon'));
  const settings = { keyword: `http://127.0.0.1:${port}/`, contains: 'Back soon' };

  assert.match(reasonOf(await probe(keyword, settings)), /answered 503, expected 2xx\.$/);
  assert.equal((await probe(keyword, { ...settings, expect: ['[STATUS] == 503'] }))?.state, 'up');
});

test('keyword: of a page without end the first megabyte counts, and that is said', async (t) => {
  const port = await serveHttp(t, (_request, response) => {
    response.write('Add to cart');
    pourWithoutEnd(response);
  });
  const settings = { keyword: `http://127.0.0.1:${port}/` };

  assert.equal((await probe(keyword, { ...settings, contains: 'Add to cart' }))?.state, 'up');
  assert.match(reasonOf(await probe(keyword, { ...settings, contains: 'end' })), /without "end" in the first megabyte/);
});
