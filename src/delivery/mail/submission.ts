import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ChannelIo, SendResult } from '../channel.ts';
import { oneLine, shortened } from '../notice-text.ts';
import { printSmtpAddress, type SmtpAddress, smtpAddressOf, smtpTarget } from './address.ts';
import { mailFailure } from './failure.ts';
import type { MailServer } from './mail-server.ts';
import type { MailMessage } from './message.ts';

const SHOWN_CHARS_MAX = 200;

/** Hands one message to the mail server. Delivered means that the server took it over. */
export async function submitMail(message: MailMessage, { url }: MailServer, io: ChannelIo): Promise<SendResult> {
  const address = smtpAddressOf(url);
  const where = printSmtpAddress(address);
  try {
    // The connection is made where the rules for addresses are kept.
    const connection = await io.net.tcp.connect(smtpTarget(address), io.signal);
    try {
      const response = await converse(connection, message, address);
      const detail = `${where} answered ${shortened(oneLine(response), SHOWN_CHARS_MAX)}`;
      return { outcome: 'delivered', detail };
    } finally {
      connection.destroy();
    }
  } catch (error) {
    return mailFailure(error, io, where);
  }
}

/** What the server said when it took the message. Ends with the connection, and that with the signal. */
async function converse(connection: Duplex, message: MailMessage, address: SmtpAddress): Promise<string> {
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    ...sessionOf(address),
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of a socket, only what every stream has is needed
    connection: connection as Socket,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const { response } = await transport.sendMail({ ...message });
  return response;
}

function sessionOf({ host, port, user, password, isTls, isLoopback }: SmtpAddress) {
  return {
    host,
    port,
    secure: isTls,
    // The first byte already was encrypted when the connection was made.
    secured: isTls,
    // STARTTLS is used wherever it is offered. A password goes to another machine only where it is.
    requireTLS: user !== '' && !isTls && !isLoopback,
    tls: { rejectUnauthorized: !isLoopback },
    ...(user !== '' && { auth: { user, pass: password } }),
  };
}
