import type { Duplex } from 'node:stream';
import * as z from 'zod';
import { expectations } from '../expectations/expectations.ts';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { Complaint, converse, type Learned, sayGoodbye } from '../protocols/conversation.ts';
import { printHostAndPort, type ServerAddress, serverAddressOf, serverUrl } from '../protocols/server-address.ts';

/** Where mail programs hand in (RFC 6409); between servers it is 25. */
const PORT = 587;
const TLS_PORT = 465;

const SmtpSettings = z.strictObject({
  smtp: serverUrl({ schemes: ['smtp', 'smtps'], example: 'smtp://user:password@mail.example:587' }).describe(
    'Address of the mail server, e.g. "smtp://user:password@mail.example:587"; smtps: for TLS from the first byte.',
  ),
  starttls_required: z
    .boolean()
    .default(false)
    .describe('Whether the server must offer STARTTLS, which is used wherever it is offered. Default false.'),
  expect: expectations(['CONNECTED', 'RESPONSE_TIME'])
    .optional()
    .describe('Conditions that must hold beside an answer to NOOP, or `{ down: […], degraded: […] }`.'),
  verify_tls: z.boolean().default(true).describe('Whether the certificate must be valid. Default true.'),
});
type SmtpSettings = z.output<typeof SmtpSettings>;

export const smtp = defineMonitor({
  type: 'smtp',
  summary: 'Greets a mail server, starts TLS where it is offered and logs in; never sends a message.',
  example: 'mail: { smtp: "smtp://shop@mail.example:587", starttls_required: true }',
  testedAgainst: 'smtp-server 3 (Nodemailer)',
  settings: SmtpSettings,
  target: ({ smtp: url }) => printHostAndPort(addressOf(url)),
  check,
});

async function check(settings: SmtpSettings, io: ProbeIo): Promise<CheckResult> {
  const address = addressOf(settings.smtp);
  const where = printHostAndPort(address);
  let isEncrypted = address.scheme === 'smtps';
  const connect = async () => {
    const { host, port } = address;
    const tls = settings.verify_tls ? 'verified' : 'unverified';
    if (isEncrypted) return io.net.tcp.connect({ host, port, tls }, io.signal);
    const { connectUpgraded } = await import('../protocols/before-tls.ts');
    const { smtpOver } = await import('../protocols/smtp.ts');
    const upgraded = await connectUpgraded(
      {
        host,
        port,
        tls,
        isRequired: settings.starttls_required,
        ask: async (reader, socket) => {
          const client = smtpOver(reader, socket);
          return (await client.begin(true)).has('STARTTLS') && client.startTls();
        },
      },
      io,
    );
    ({ isEncrypted } = upgraded);
    return upgraded.socket;
  };
  return converse({ where, expect: settings.expect, connect }, io, (socket) =>
    ask(socket, { address, isEncrypted }, io),
  );
}

interface Line {
  readonly address: ServerAddress;
  readonly isEncrypted: boolean;
}

async function ask(socket: Duplex, { address, isEncrypted }: Line, io: ProbeIo): Promise<Learned> {
  const { readerOf } = await import('../protocols/byte-reader.ts');
  const { mechanismFor, smtpOver } = await import('../protocols/smtp.ts');
  const client = smtpOver(readerOf(socket), socket);
  // Who was greeted before TLS began is not greeted again.
  const extensions = await client.begin(address.scheme === 'smtps' || !isEncrypted);
  const mechanism = mechanismFor(extensions, isEncrypted);
  const hasLogin = address.user !== '';
  if (hasLogin && mechanism !== undefined) await client.logIn(mechanism, address);
  if (hasLogin && mechanism === undefined && isEncrypted) {
    throw new Complaint('offers no login with PLAIN, LOGIN or CRAM-MD5');
  }
  await client.noop();
  const answeredAt = io.clock.ticks();
  await sayGoodbye(io, () => client.quit());
  const isUnsafe = hasLogin && mechanism === undefined;
  const where = printHostAndPort(address);
  const unsafe = `${where} offers no TLS, so the password was kept back: anybody on the way could have read it.`;
  return { answeredAt, warnings: isUnsafe ? [unsafe] : [] };
}

function addressOf(url: SmtpSettings['smtp']): ServerAddress {
  return serverAddressOf(url, url.reveal().startsWith('smtps:') ? TLS_PORT : PORT);
}
