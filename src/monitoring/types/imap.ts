import type { Duplex } from 'node:stream';
import * as z from 'zod';
import { expectations } from '../expectations/expectations.ts';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { converse, type Learned, sayGoodbye } from '../protocols/conversation.ts';
import type { ImapClient } from '../protocols/imap.ts';
import { printHostAndPort, type ServerAddress, serverAddressOf, serverUrl } from '../protocols/server-address.ts';

const PORT = 143;
const TLS_PORT = 993;
const MAILBOX_CHARS_MAX = 255;

const ImapSettings = z.strictObject({
  imap: serverUrl({ schemes: ['imap', 'imaps'], example: 'imaps://user:password@mail.example' }).describe(
    'Address of the mail server, e.g. "imaps://user:password@mail.example:993"; imap: starts TLS where it is offered.',
  ),
  mailbox: z
    .string()
    .min(1)
    .max(MAILBOX_CHARS_MAX)
    .regex(/^[\u0020-\u007e]*$/, 'Expected ASCII; other letters are written in modified UTF-7, such as &AOQ-.')
    .default('INBOX')
    .describe('Mailbox whose `messages` and `unseen` are measured, if there is a user. Default INBOX.'),
  starttls_required: z
    .boolean()
    .default(false)
    .describe('Whether the server must offer STARTTLS, which is used wherever it is offered. Default false.'),
  expect: expectations(['CONNECTED', 'RESPONSE_TIME', 'BODY'])
    .optional()
    .describe('Conditions that must hold, or `{ down: […], degraded: […] }`, e.g. "[BODY].unseen < 100".'),
  verify_tls: z.boolean().default(true).describe('Whether the certificate must be valid. Default true.'),
});
type ImapSettings = z.output<typeof ImapSettings>;

export const imap = defineMonitor({
  type: 'imap',
  summary: 'Logs in to a mailbox over IMAP and counts what is in it.',
  example: 'orders: { imap: "imaps://orders@mail.example", expect: { degraded: ["[BODY].unseen < 100"] } }',
  testedAgainst: 'Dovecot 2.3',
  settings: ImapSettings,
  target: ({ imap: url }) => printHostAndPort(addressOf(url)),
  check,
});

async function check(settings: ImapSettings, io: ProbeIo): Promise<CheckResult> {
  const address = addressOf(settings.imap);
  const where = printHostAndPort(address);
  let isEncrypted = address.scheme === 'imaps';
  const connect = async () => {
    const { host, port } = address;
    const tls = settings.verify_tls ? 'verified' : 'unverified';
    if (isEncrypted) return io.net.tcp.connect({ host, port, tls }, io.signal);
    const { connectUpgraded } = await import('../protocols/before-tls.ts');
    const { imapOver } = await import('../protocols/imap.ts');
    const upgraded = await connectUpgraded(
      {
        host,
        port,
        tls,
        isRequired: settings.starttls_required,
        ask: async (reader, socket) => {
          const client = imapOver(reader, socket);
          await client.greeted();
          return (await client.capabilities()).has('STARTTLS') && client.startTls();
        },
      },
      io,
    );
    ({ isEncrypted } = upgraded);
    return upgraded.socket;
  };
  return converse({ where, expect: settings.expect, connect }, io, (socket) =>
    ask(socket, { address, isEncrypted, mailbox: settings.mailbox }, io),
  );
}

interface Question {
  readonly address: ServerAddress;
  readonly isEncrypted: boolean;
  readonly mailbox: string;
}

async function ask(socket: Duplex, { address, isEncrypted, mailbox }: Question, io: ProbeIo): Promise<Learned> {
  const { readerOf } = await import('../protocols/byte-reader.ts');
  const { imapOver } = await import('../protocols/imap.ts');
  const client = imapOver(readerOf(socket), socket);
  const mayLook = await enter(client, address, isEncrypted);
  const found = mayLook ? await client.status(mailbox) : undefined;
  if (found === undefined) await client.noop();
  const answeredAt = io.clock.ticks();
  await sayGoodbye(io, () => client.logOut());
  const where = printHostAndPort(address);
  const unsafe = `${where} offers no TLS, so the password was kept back: anybody on the way could have read it.`;
  return {
    answeredAt,
    warnings: address.user === '' || mayLook ? [] : [unsafe],
    ...(found !== undefined && { readings: { ...found }, body: JSON.stringify(found) }),
  };
}

/** Whether we are in: not without a user, and not where the password would have to go in the clear. */
async function enter(client: ImapClient, address: ServerAddress, isEncrypted: boolean): Promise<boolean> {
  // Who was greeted before TLS began is not greeted again.
  const isUpgraded = isEncrypted && address.scheme === 'imap';
  if (!isUpgraded && (await client.greeted())) return true;
  if (address.user === '' || !isEncrypted) return false;
  await client.logIn(await client.capabilities(), address);
  return true;
}

function addressOf(url: ImapSettings['imap']): ServerAddress {
  return serverAddressOf(url, url.reveal().startsWith('imaps:') ? TLS_PORT : PORT);
}
