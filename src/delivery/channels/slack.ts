import * as z from 'zod';
import type { HttpResponse } from '../../kernel/net.ts';
import { type ChannelIo, defineChannel, type Envelope, type SendResult } from '../channel.ts';
import { failedBecause } from '../send-failure.ts';
import { slackMessage } from '../slack/message.ts';
import { notTaken } from '../webhook/answer.ts';
import { hostOf, webhookUrl } from '../webhook/url.ts';

const ANSWER_BYTES_MAX = 1024;

const SlackSettings = z.strictObject({ slack: webhookUrl('The incoming webhook of a Slack channel.') });
type SlackSettings = z.output<typeof SlackSettings>;

export const slack = defineChannel({
  type: 'slack',
  summary: 'Posts to the incoming webhook of a Slack channel.',
  example: 'dev: { slack: "${SLACK_WEBHOOK_URL}" }',
  testedAgainst: "a local receiver that keeps to Slack's published limits and answers; not Slack itself",
  settings: SlackSettings,
  target: ({ slack: url }) => hostOf(url),
  send,
});

async function send({ slack: url }: SlackSettings, envelope: Envelope, io: ChannelIo): Promise<SendResult> {
  const where = hostOf(url);
  try {
    const response = await io.net.http.send({
      method: 'POST',
      url: url.reveal(),
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(slackMessage(envelope)),
      bodyBytesMax: ANSWER_BYTES_MAX,
      signal: io.signal,
    });
    return judge(response, where, io);
  } catch (error) {
    return failedBecause(error, io, where);
  }
}

/** Why Slack will not take it, however often it is asked, and what helps. */
const REFUSALS: ReadonlyMap<string, string> = new Map([
  ['action_prohibited', 'An administrator of the workspace forbids posting there.'],
  ['channel_is_archived', 'Choose another channel, or take this one out of the archive.'],
  ['channel_not_found', 'The channel is gone; make a new webhook.'],
  ['invalid_blocks', 'Please report this: the message was made wrong.'],
  ['invalid_blocks_format', 'Please report this: the message was made wrong.'],
  ['invalid_payload', 'Please report this: the message was made wrong.'],
  ['invalid_token', 'The address is not complete, or the webhook is gone; copy it again from Slack.'],
  ['no_active_hooks', 'The webhook was switched off; make a new one.'],
  ['no_service', 'The webhook was removed or switched off; make a new one.'],
  ['no_service_id', 'The address is not complete; copy it again from Slack.'],
  ['no_team', 'The address is not complete, or the workspace is gone; copy it again from Slack.'],
  ['no_text', 'Please report this: the message was made wrong.'],
  ['posting_to_general_channel_denied', 'Only some members may post there; choose another channel.'],
  ['team_disabled', 'The workspace is switched off.'],
  ['too_many_attachments', 'Please report this: the message was made wrong.'],
  ['user_not_found', 'The person is gone; make a new webhook.'],
]);

/** Only `ok` is a success: a proxy or a page to log in answers 200 as well. */
function judge(response: HttpResponse, where: string, { clock }: ChannelIo): SendResult {
  const word = wordOf(response.body);
  const { status } = response;
  if (status === 200 && word === 'ok') return { outcome: 'delivered', detail: `${where} answered ok.` };
  const help = REFUSALS.get(word);
  if (help !== undefined) return { outcome: 'refused', detail: `${where} answered ${status} ${word}. ${help}` };
  const said = word === '' ? '' : ` ${word}`;
  const expected = status === 200 ? ', but not with the "ok" of Slack' : '';
  return notTaken(response, `${where} answered ${status}${said}${expected}.`, clock);
}

/** Slack answers with one word; anything else is not shown, for it may repeat the address. */
function wordOf(body: Uint8Array): string {
  const text = new TextDecoder().decode(body).trim();
  return /^[a-z_]{1,60}$/.test(text) ? text : '';
}
