import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detailOf, envelope, notice, send } from '../../support/channel-io.ts';
import { serveHttp } from '../../support/servers/misbehaving.ts';
import { startSlackReceiver } from '../../support/servers/slack-receiver.ts';

test('slack: an alert and its end are posted as people read them [ALR-04/R]', async (t) => {
  const slack = await startSlackReceiver(t);
  const end = notice({ phase: 'resolved', title: 'api is back', text: ['It was down for 4m.'], facts: [], links: [] });

  const opened = await send({ slack: slack.url });
  const resolved = await send({ slack: slack.url }, { envelope: envelope({ notice: end }) });

  assert.equal(detailOf(opened, 'delivered'), `${new URL(slack.url).host} answered ok.`);
  assert.equal(resolved.outcome, 'delivered');
  assert.deepEqual(
    slack.posts.map(({ notification, lines }) => ({ notification, lines })),
    [
      {
        notification: '[critical] shop: api is down api.shop.example refused the connection.',
        lines: [
          '🔴 [critical] shop: api is down',
          'api.shop.example refused the connection.\n\nAlso affected: web, worker.',
          '*Monitor*\napi',
          '*Down since*\n2026-01-05 08:59:00 UTC',
          '<https://status.shop.example/?a=1&b=2|Status page>',
          'Evenkeel, 2026-01-05 09:00:00 UTC',
        ],
      },
      {
        notification: '[resolved] shop: api is back It was down for 4m.',
        lines: ['🟢 [resolved] shop: api is back', 'It was down for 4m.', 'Evenkeel, 2026-01-05 09:00:00 UTC'],
      },
    ],
  );
  assert.deepEqual(slack.posts[0]?.links, [{ label: 'Status page', url: 'https://status.shop.example/?a=1&b=2' }]);
});

test('slack: whatever stands in a message, it mentions nobody and stays within the limits', async (t) => {
  const slack = await startSlackReceiver(t);
  const nasty = '<!channel> & <https://evil.example|your bank> 🚨';
  const long = '<&>'.repeat(4000);
  const texts = [
    notice({ title: nasty, text: [nasty], facts: [{ label: nasty, value: nasty }] }),
    notice({ title: long, text: [long, long], facts: [{ label: long, value: long }] }),
    notice({ facts: Array.from({ length: 500 }, (_fact, index) => ({ label: `${index}`, value: '' })) }),
    notice({
      links: Array.from({ length: 60 }, () => ({ label: '|<x>|', url: `https://x.example/${'|'.repeat(900)}` })),
    }),
    notice({ title: '', text: [], facts: [], links: [] }),
  ];

  for (const text of texts) {
    detailOf(await send({ slack: slack.url }, { envelope: envelope({ notice: text }) }), 'delivered');
  }

  assert.deepEqual(slack.refusals, []);
  assert.deepEqual(slack.posts[0]?.lines.slice(0, 3), [`🔴 [critical] shop: ${nasty}`, nasty, `*${nasty}*\n${nasty}`]);
});

test('slack: a repeat says that it may be one, for Slack cannot tell', async (t) => {
  const slack = await startSlackReceiver(t);

  await send({ slack: slack.url }, { envelope: envelope({ attempt: 3 }) });

  assert.equal(slack.posts[0]?.lines.at(-1), 'Evenkeel, 2026-01-05 09:00:00 UTC · attempt 3, may be a repeat');
});

for (const [status, word, outcome] of [
  [200, 'ok', 'delivered'],
  [200, 'no_service', 'refused'],
  [200, '<html>Sign in to hush</html>', 'failed'],
  [200, '', 'failed'],
  [302, '', 'failed'],
  [400, 'invalid_payload', 'refused'],
  [400, 'no_text', 'refused'],
  [403, 'action_prohibited', 'refused'],
  [404, 'no_service', 'refused'],
  [404, 'channel_not_found', 'refused'],
  [410, 'channel_is_archived', 'refused'],
  [403, '', 'refused'],
  [429, 'rate_limited', 'failed'],
  [500, 'rollup_error', 'failed'],
  [500, 'no_active_hooks', 'refused'],
  [503, '<html>hush</html>', 'failed'],
] as const) {
  test(`slack: ${status} with "${word}" means ${outcome}`, async (t) => {
    const slack = await startSlackReceiver(t);
    slack.behave({ status, body: word });

    const detail = detailOf(await send({ slack: slack.url }), outcome);

    assert.match(detail, outcome === 'delivered' ? /answered ok\.$/ : new RegExp(`answered ${status}`));
    if (/^[a-z_]+$/.test(word)) assert.ok(detail.includes(word), detail);
  });
}

test('slack: a page that is not Slack is no success, and the address stays secret', async (t) => {
  const port = await serveHttp(t, (request, response) => response.end(`Welcome to ${request.url}`));

  const detail = detailOf(await send({ slack: `http://127.0.0.1:${port}/services/hush` }), 'failed');

  assert.equal(detail, `127.0.0.1:${port} answered 200, but not with the "ok" of Slack.`);
});

test('slack: too many messages wait as long as Slack says', async (t) => {
  const slack = await startSlackReceiver(t);
  slack.behave({ status: 429, headers: { 'retry-after': '30' }, body: 'rate_limited' }, 'take');

  const busy = await send({ slack: slack.url });
  const later = await send({ slack: slack.url });

  assert.equal(busy.outcome === 'failed' && busy.retryAfterMs, 30_000);
  assert.equal(later.outcome, 'delivered');
});

test('slack: silence ends at the deadline', async (t) => {
  const slack = await startSlackReceiver(t);
  slack.behave('hang');

  assert.match(detailOf(await send({ slack: slack.url }, { timeoutMs: 150 }), 'failed'), / did not answer in time\.$/);
});
