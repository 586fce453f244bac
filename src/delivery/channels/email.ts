import * as z from 'zod';
import { type ChannelIo, defineChannel, type Envelope, type SendResult } from '../channel.ts';
import { mailMessage } from '../mail/message.ts';
import { submitMail } from '../mail/submission.ts';

const EmailSettings = z.strictObject({
  email: z.email('Expected an e-mail address such as ops@shop.example.').describe('A mailbox of the team.'),
});
type EmailSettings = z.output<typeof EmailSettings>;

export const email = defineChannel({
  type: 'email',
  summary: 'Sends mail through the server that `EVENKEEL_SMTP_URL` names.',
  example: 'ops: { email: "ops@shop.example" }',
  testedAgainst: 'smtp-server 3.21 with STARTTLS, TLS and AUTH',
  settings: EmailSettings,
  target: ({ email: address }) => address,
  send,
});

async function send({ email: to }: EmailSettings, envelope: Envelope, io: ChannelIo): Promise<SendResult> {
  if (io.mail === null) {
    const detail = 'No mail server is set. Set EVENKEEL_SMTP_URL, and EVENKEEL_MAIL_FROM for the sender.';
    return { outcome: 'failed', detail };
  }
  return submitMail(mailMessage(envelope, { to, from: io.mail.from }), io.mail, io);
}
