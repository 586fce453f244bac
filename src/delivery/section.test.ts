import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadedText, loadText, saidOf } from '../../test/support/manifests.ts';
import { Secret } from '../kernel/secret.ts';
import { channelOf } from './channel-of.ts';
import { channelTypes } from './channels/index.ts';

const KEY = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

function manifest(channel: string): string {
  return `app: shop\nchannels:\n  ${channel}\n`;
}

for (const { type, example, summary, testedAgainst } of channelTypes.all()) {
  test(`the example of the channel ${type} is a manifest that loads and can be sent to`, async () => {
    const variables = { SLACK_WEBHOOK_URL: 'https://hooks.slack.example/services/hush', WEBHOOK_SECRET: KEY };

    const { manifest: loaded, warnings } = await loadedText(manifest(example), { variables });

    const [settings, ...others] = Object.values(loaded.channels ?? {});
    const channel = channelOf(settings ?? {});
    assert.equal(channel?.type, type);
    assert.doesNotMatch(channel?.target ?? '', /hush|services/);
    assert.deepEqual([others, warnings], [[], []]);
    assert.match(summary, /^[A-Z].*\.$/);
    assert.notEqual(testedAgainst, '');
  });
}

for (const entry of [
  'x: { discord: "https://discord.example/api/webhooks/1/hush" }',
  'x: { teams: "https://teams.example/hush" }',
  'x: { ntfy: "https://ntfy.example/topic" }',
  'x: { pagerduty: "0123456789abcdef0123456789abcdef" }',
]) {
  test(`a kind that is still to come is read, and said to be idle: ${entry}`, async () => {
    const { manifest: loaded, warnings } = await loadedText(manifest(entry));

    assert.equal(channelOf(loaded.channels?.['x'] ?? {}), undefined);
    assert.match(
      warnings[0]?.message ?? '',
      /reads and checks (?:discord|teams|ntfy|pagerduty), but does not act on it/,
    );
    assert.equal(warnings.length, 1);
  });
}

test('both secrets of a rotation are secrets, and are named after where they stand', async () => {
  const entry = `hook: { webhook: "https://h.example/", secret: ["\${OLD}", "${KEY}"] }`;

  const { manifest: loaded } = await loadedText(manifest(entry), { variables: { OLD: KEY } });

  const secrets = loaded.channels?.['hook']?.['secret'];
  assert.ok(Array.isArray(secrets) && secrets.every((secret) => secret instanceof Secret));
  assert.deepEqual(secrets.map(String), ['[${OLD}]', '[channels.hook.secret[1]]']);
});

for (const [entry, message] of [
  [
    'hook: { webhook: "https://h.example/", secret: "hush" }',
    /hook\.secret: a signing secret is whsec_ and after it 24 to 64 bytes/i,
  ],
  [`hook: { webhook: "https://h.example/", secret: ["${KEY}", "${KEY}", "${KEY}"] }`, /two secrets at most/],
  ['hook: { webhook: "ftp://h.example/hush" }', /address of a webhook starts with https/],
  ['hook: { secret: "x" }', /expected one of the keys slack, webhook, email/],
  ['hook: { slack: "https://h.example/", email: "a@b.example" }', /slack and email cannot stand together/],
  ['ops: { email: "ops@shop.example\\r\\nBcc: a@b.example" }', /e-mail address/],
  ['ops: { emial: "ops@shop.example" }', /Did you mean "email"/],
] as const) {
  test(`is refused: ${entry.slice(0, 60)}`, async () => {
    const said = saidOf(await loadText(manifest(entry))).join('\n');

    assert.match(said, message);
    assert.doesNotMatch(said, /hush/);
  });
}
