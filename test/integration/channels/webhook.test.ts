import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detailOf, envelope, notice, send } from '../../support/channel-io.ts';
import { selfSigned } from '../../support/servers/certificates.ts';
import { closedPort, pourWithoutEnd, serveHttp, serveHttps, serveTcp } from '../../support/servers/misbehaving.ts';
import { startWebhookReceiver } from '../../support/servers/webhook-receiver.ts';

const OLD_KEY = `whsec_${Buffer.alloc(24, 'old').toString('base64')}`;
const NEW_KEY = `whsec_${Buffer.alloc(64, 'new').toString('base64')}`;

test('webhook: what is sent is signed, says what happened and when, and has all that people read', async (t) => {
  const receiver = await startWebhookReceiver(t, { secret: OLD_KEY, path: '/hooks/hush' });

  const result = await send({ webhook: receiver.url, secret: OLD_KEY });

  assert.equal(detailOf(result, 'delivered'), `${new URL(receiver.url).host} answered 200.`);
  assert.deepEqual(receiver.problems, []);
  const [request] = receiver.received;
  assert.equal(request?.id, 'msg_01');
  const { app, title, text, severity, facts, links } = notice();
  assert.deepEqual(request?.body, {
    type: 'alert.opened',
    timestamp: '2026-01-05T09:00:00Z',
    data: { alert: 'alt_1', monitor: 'api', app, title, text, severity, facts, links },
  });
});

test('webhook: while a secret is being changed, receivers with the old one and with the new one are content', async (t) => {
  const settings = { secret: [OLD_KEY, NEW_KEY] };

  for (const secret of [OLD_KEY, NEW_KEY]) {
    const receiver = await startWebhookReceiver(t, { secret });
    assert.equal((await send({ webhook: receiver.url, ...settings })).outcome, 'delivered');
  }
  const stranger = await startWebhookReceiver(t, { secret: `whsec_${Buffer.alloc(32, 'x').toString('base64')}` });
  assert.match(detailOf(await send({ webhook: stranger.url, ...settings }), 'refused'), /answered 401\.$/);
});

test('webhook: without a secret nothing is signed', async (t) => {
  const receiver = await startWebhookReceiver(t);

  assert.equal((await send({ webhook: receiver.url })).outcome, 'delivered');

  assert.deepEqual([receiver.received.length, receiver.problems], [1, []]);
});

test('webhook: a repeat has the same id and a signature of its own time', async (t) => {
  const receiver = await startWebhookReceiver(t, { secret: OLD_KEY });
  receiver.behave({ status: 500 }, 'take');
  const settings = { webhook: receiver.url, secret: OLD_KEY };

  const first = await send(settings);
  const second = await send(settings, { envelope: envelope({ attempt: 2 }) });

  assert.deepEqual([first.outcome, second.outcome], ['failed', 'delivered']);
  assert.deepEqual(
    receiver.received.map(({ id }) => id),
    ['msg_01', 'msg_01'],
  );
  assert.equal(receiver.received[0]?.text, receiver.received[1]?.text);
});

for (const [status, outcome] of [
  [200, 'delivered'],
  [204, 'delivered'],
  [299, 'delivered'],
  [301, 'failed'],
  [400, 'refused'],
  [404, 'refused'],
  [408, 'failed'],
  [410, 'refused'],
  [425, 'failed'],
  [429, 'failed'],
  [499, 'refused'],
  [500, 'failed'],
  [503, 'failed'],
] as const) {
  test(`webhook: ${status} means ${outcome}`, async (t) => {
    const receiver = await startWebhookReceiver(t, { path: '/hush' });
    receiver.behave({ status, body: status === 204 ? '' : 'Cannot POST /hush' });

    const result = await send({ webhook: receiver.url });

    assert.match(detailOf(result, outcome), new RegExp(`^127\\.0\\.0\\.1:\\d+ answered ${status}`));
  });
}

test('webhook: no redirect is followed', async (t) => {
  const elsewhere = await startWebhookReceiver(t);
  const receiver = await startWebhookReceiver(t);
  receiver.behave({ status: 307, headers: { location: elsewhere.url } });

  const detail = detailOf(await send({ webhook: receiver.url }), 'failed');

  assert.match(detail, /answered 307, a redirect, and webhooks follow none: write the address it leads to\.$/);
  assert.deepEqual([elsewhere.received.length, elsewhere.problems.length], [0, 0]);
});

test('webhook: a receiver that asks for patience gets it, in seconds or until a date, a day at most', async (t) => {
  const receiver = await startWebhookReceiver(t);
  const ask = async (status: number, value: string) => {
    receiver.behave({ status, headers: { 'retry-after': value } });
    const result = await send({ webhook: receiver.url });
    return result.outcome === 'failed' ? result.retryAfterMs : undefined;
  };

  assert.equal(await ask(429, '120'), 120_000);
  assert.equal(await ask(503, '7'), 7_000);
  const untilDate = (await ask(503, new Date(Date.now() + 90_000).toUTCString())) ?? 0;
  assert.ok(untilDate > 60_000 && untilDate <= 90_000, `${untilDate}`);
  assert.equal(await ask(503, 'Wed, 21 Oct 2015 07:28:00 GMT'), 0);
  assert.equal(await ask(429, '99999999999999999999'), 86_400_000);
  for (const nonsense of ['soon', '-1', '1.5', '2015-10-21', '']) assert.equal(await ask(429, nonsense), undefined);
});

test('webhook: a receiver that hangs, breaks off or is not there has failed, and it is told how', async (t) => {
  const receiver = await startWebhookReceiver(t);
  receiver.behave('hang');
  const hanging = await send({ webhook: receiver.url }, { timeoutMs: 150 });
  receiver.behave('reset');
  const resetting = await send({ webhook: receiver.url });
  const babbling = await serveTcp(t, (socket) => socket.end('220 mail.example ready\r\n'));
  const nobody = await closedPort();

  assert.match(detailOf(hanging, 'failed'), / did not answer in time\.$/);
  assert.match(detailOf(resetting, 'failed'), / broke off the connection before it answered\.$/);
  assert.match(
    detailOf(await send({ webhook: `http://127.0.0.1:${babbling}/hush` }), 'failed'),
    /^127\.0\.0\.1:\d+ .*HTTP/,
  );
  assert.match(
    detailOf(await send({ webhook: `http://127.0.0.1:${nobody}/hush` }), 'failed'),
    /refused the connection\.$/,
  );
  assert.match(
    detailOf(await send({ webhook: 'https://no-such-host.invalid/hush' }), 'failed'),
    /no-such-host\.invalid (?:does not exist|could not be looked up)/,
  );
});

test('webhook: a stop in the middle is told as what it is', async (t) => {
  const receiver = await startWebhookReceiver(t);
  receiver.behave('hang');
  const stopping = new AbortController();

  const sending = send({ webhook: receiver.url }, { signal: stopping.signal });
  stopping.abort(new Error('Evenkeel stops.'));

  assert.match(detailOf(await sending, 'failed'), /^Evenkeel was stopped before 127\.0\.0\.1:\d+ answered\.$/);
});

test('webhook: an answer without end is not read to its end', async (t) => {
  const port = await serveHttp(t, (_request, response) => pourWithoutEnd(response));

  assert.equal((await send({ webhook: `http://127.0.0.1:${port}/` })).outcome, 'delivered');
});

test('webhook: nothing is sent to a server whose certificate nobody vouches for', async (t) => {
  let requests = 0;
  const port = await serveHttps(t, selfSigned(t), (_request, response) => {
    requests += 1;
    response.end();
  });

  const detail = detailOf(await send({ webhook: `https://127.0.0.1:${port}/hush` }), 'failed');

  assert.match(detail, /^The certificate of 127\.0\.0\.1:\d+ is signed by nobody but itself\.$/);
  assert.equal(requests, 0);
});
