import * as z from 'zod';
import { SECOND_MS } from '../../kernel/clock.ts';
import type { HttpResponse } from '../../kernel/net.ts';
import { type ChannelIo, defineChannel, type Envelope, type SendResult } from '../channel.ts';
import { failedBecause } from '../send-failure.ts';
import { notTaken } from '../webhook/answer.ts';
import { webhookBody } from '../webhook/body.ts';
import { signatureOf, signingSecret } from '../webhook/signature.ts';
import { hostOf, webhookUrl } from '../webhook/url.ts';

/** The answer is a status; what stands in it is nothing to us. */
const ANSWER_BYTES_MAX = 1024;
const KEYS_MAX = 2;

const WebhookSettings = z.strictObject({
  webhook: webhookUrl('Any address that takes a POST with JSON.'),
  secret: z
    .union([signingSecret(), z.array(signingSecret()).min(1).max(KEYS_MAX, 'Expected two secrets at most.')])
    .optional()
    .describe(
      'The key each request is signed with, e.g. "${WEBHOOK_SECRET}", as Standard Webhooks write it: "whsec_" and then ' +
        'base64. While it is being changed, a list of the old and the new one. Without it requests are not signed, and ' +
        'a receiver cannot tell who sent them.',
    ),
});
type WebhookSettings = z.output<typeof WebhookSettings>;

export const webhook = defineChannel({
  type: 'webhook',
  summary: 'Posts JSON to any address, signed as Standard Webhooks 1.0.0 describe.',
  example: 'hook: { webhook: "https://hooks.shop.example/evenkeel", secret: "${WEBHOOK_SECRET}" }',
  testedAgainst: 'Standard Webhooks 1.0.0: its published test vector and a receiver that verifies every request',
  settings: WebhookSettings,
  target: ({ webhook: url }) => hostOf(url),
  send,
});

async function send(settings: WebhookSettings, envelope: Envelope, io: ChannelIo): Promise<SendResult> {
  const where = hostOf(settings.webhook);
  try {
    const response = await io.net.http.send({
      method: 'POST',
      url: settings.webhook.reveal(),
      ...request(settings, envelope, io),
      bodyBytesMax: ANSWER_BYTES_MAX,
      signal: io.signal,
    });
    return judge(response, where, io);
  } catch (error) {
    return failedBecause(error, io, where);
  }
}

function request({ secret }: WebhookSettings, { id, notice }: Envelope, { clock }: ChannelIo) {
  const body = webhookBody(notice);
  const timestamp = Math.floor(clock.now() / SECOND_MS);
  const secrets = secret === undefined ? [] : [secret].flat();
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    ...(secrets.length > 0 && { 'webhook-signature': signatureOf({ id, timestamp, body }, secrets) }),
  };
  return { headers, body };
}

/** Never with words of the answer: many servers repeat the address in it, and that may be a credential. */
function judge(response: HttpResponse, where: string, { clock }: ChannelIo): SendResult {
  const { status } = response;
  if (status >= 200 && status < 300) return { outcome: 'delivered', detail: `${where} answered ${status}.` };
  const isRedirect = status >= 300 && status < 400;
  const meaning = isRedirect ? ', a redirect, and webhooks follow none: write the address it leads to.' : '.';
  return notTaken(response, `${where} answered ${status}${meaning}`, clock);
}
