import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Shop, startShop } from '../../examples/shop/start.ts';
import { eventually } from '../support/eventually.ts';
import { type Served, startServe, temporaryFolder } from '../support/serve-process.ts';
import { startSlackReceiver } from '../support/servers/slack-receiver.ts';
import { startSmtpReceiver } from '../support/servers/smtp-receiver.ts';
import { startWebhookReceiver } from '../support/servers/webhook-receiver.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const ARRIVES_WITHIN_MS = 1_000;
const PATIENCE_MS = 30_000;

test('a stopped api is told of once, everywhere, within a second of being sure, and its return as well [ALR-01/R] [ALR-08/R]', async (t) => {
  const { shop, served, chat, mail, hook, stuck } = await watchedShop(t);

  await breakPart(shop, 'api', 'down');
  await eventually(() => {
    assert.ok(hook.received.length >= 1);
    assert.ok(chat.posts.length >= 1);
    assert.ok(mail.mails.length >= 1);
  }, PATIENCE_MS);
  const opened = hook.received[0];
  assert.equal(opened?.body.type, 'alert.opened');
  assert.equal(opened.body.data['cause'], 'api');
  assert.equal(opened.body.data['severity'], 'critical');
  const sureAt = Date.parse(String(opened.body.data['confirmedAt']));
  const arrivals = [opened, chat.posts[0], mail.mails[0]].map((message) => (message?.receivedAt ?? 0) - sureAt);
  t.diagnostic(`webhook, Slack and mail after ${arrivals.join(', ')} ms`);
  for (const arrival of arrivals) assert.ok(arrival <= ARRIVES_WITHIN_MS, `arrived after ${arrival} ms`);

  // What depends on the api fails as well, and joins the same alert: nobody is told a second time.
  await eventually(async () => assert.equal(await stateOf(served, 'checkout'), 'down'), PATIENCE_MS);
  await eventually(async () => {
    const [alert] = await alertsOf(served);
    assert.deepEqual(new Set(alert?.affected), new Set(['api', 'web', 'checkout']));
  }, PATIENCE_MS);

  await breakPart(shop, 'api', 'off');
  await eventually(() => assert.equal(hook.received.length, 2), PATIENCE_MS);
  await eventually(() => assert.equal(chat.posts.length, 2));
  await eventually(() => assert.equal(mail.mails.length, 2));
  assert.equal(hook.received[1]?.body.type, 'alert.resolved');
  assert.match(mail.mails[1]?.raw ?? '', /^Subject: \[resolved\] shop: api/m);
  assert.equal((await alertsOf(served)).length, 1);
  assert.deepEqual(hook.problems, []);
  assert.deepEqual(chat.refusals, []);

  // The receiver that never answers has been asked, and its message waits; nobody else was later for it.
  assert.ok(stuck.received.length >= 1);
  const waiting = (await deliveriesOf(served)).filter(({ channel }) => channel === 'stuck');
  assert.ok(waiting.every(({ state }) => state !== 'delivered'));
});

/** The example shop, an Evenkeel that watches it, and four places to tell: the first one never answers. */
async function watchedShop(t: TestContext) {
  const folder = temporaryFolder(t);
  const stuck = await startWebhookReceiver(t);
  stuck.behave('hang');
  const hook = await startWebhookReceiver(t, { secret: SECRET });
  const chat = await startSlackReceiver(t);
  const mail = await startSmtpReceiver(t);
  const shop = await startShop({
    dataDir: path.join(folder, 'shop'),
    ports: { web: 0, api: 0, worker: 0, chat: 0 },
    log: () => undefined,
    signal: t.signal,
  });
  t.after(() => shop.stop());
  const timing = 'every: 1s, timeout: 900ms, confirm: 2';
  writeFileSync(
    path.join(folder, 'evenkeel.yaml'),
    [
      'app: shop',
      'services:',
      `  web: { url: "${shop.urls.web}", health: /health, ${timing}, depends_on: [api] }`,
      `  api: { url: "${shop.urls.api}", health: /health, ${timing} }`,
      'monitors:',
      `  checkout: { http: "${shop.urls.web}/checkout?assam=1", ${timing}, depends_on: [web] }`,
      'channels:',
      `  stuck: { webhook: "${stuck.url}" }`,
      `  dev: { slack: "${chat.url}" }`,
      `  hook: { webhook: "${hook.url}", secret: "${SECRET}" }`,
      '  ops: { email: ops@shop.example }',
      'escalate: { default: [ { notify: [stuck, dev, hook, ops] } ] }',
      '',
    ].join('\n'),
  );
  const env = { EVENKEEL_SMTP_URL: `smtp://127.0.0.1:${mail.port}`, EVENKEEL_MAIL_FROM: 'status@shop.example' };
  const served = await startServe(t, { folder, env });
  await eventually(async () => assert.equal(await stateOf(served, 'checkout'), 'up'), PATIENCE_MS);
  return { shop, served, chat, mail, hook, stuck };
}

async function breakPart({ urls }: Shop, part: 'api', fault: 'down' | 'off'): Promise<void> {
  const answer = await fetch(`${urls[part]}/__break`, { method: 'POST', headers: { 'x-shop-break': fault } });
  assert.equal(answer.status, 204);
}

async function stateOf(served: Served, name: string): Promise<string> {
  const { stdout } = await served.cli(['monitor', 'show', name, '--json']);
  return JSON.parse(stdout).state;
}

async function alertsOf(served: Served): Promise<readonly { readonly affected: readonly string[] }[]> {
  return JSON.parse((await served.cli(['alert', 'list', '--json'])).stdout).alerts;
}

async function deliveriesOf(served: Served): Promise<readonly { readonly channel: string; readonly state: string }[]> {
  return JSON.parse((await served.cli(['alert', 'deliveries', '--json'])).stdout).deliveries;
}
