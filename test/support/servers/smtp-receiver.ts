import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { Certificate } from './certificates.ts';
import type { Ending } from './server.ts';
import { type ParsedMail, parseMail } from './smtp-message.ts';

/** What the mail server does with a message. Without `at` it answers once it has read the whole of it. */
export type MailBehaviour =
  | 'take'
  | 'hang'
  /** Takes the message and breaks the connection off without a word. */
  | 'drop'
  | { readonly code: number; readonly text: string; readonly at?: 'MAIL' | 'RCPT' | 'DATA' };

export interface ReceivedMail extends ParsedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  readonly isEncrypted: boolean;
  readonly user: string | undefined;
  readonly receivedAt: number;
}

export interface SmtpReceiver {
  readonly port: number;
  /** Every message that was read whole, whatever was answered. */
  readonly mails: readonly ReceivedMail[];
  /** Each user and password that reached it, and whether somebody on the way could have read them. */
  readonly logins: readonly { readonly user: string; readonly password: string; readonly isEncrypted: boolean }[];
  behave(behaviour: MailBehaviour): void;
}

export interface SmtpReceiverOptions {
  /** With a certificate it offers STARTTLS, or speaks TLS from the first byte. */
  readonly certificate?: Certificate;
  readonly isTls?: boolean;
  /** Demands these. */
  readonly login?: { readonly user: string; readonly password: string };
  /** How one may log in. Default: PLAIN and LOGIN. */
  readonly mechanisms?: readonly string[];
}

/** A mail server on a free port that answers as told. */
export async function startSmtpReceiver(ending: Ending, options: SmtpReceiverOptions = {}): Promise<SmtpReceiver> {
  const { login, mechanisms } = options;
  const sockets = new Set<Socket>();
  const mails: ReceivedMail[] = [];
  const logins: SmtpReceiver['logins'][number][] = [];
  let behaviour: MailBehaviour = 'take';
  const refusalAt = (at: 'MAIL' | 'RCPT' | 'DATA') =>
    typeof behaviour === 'object' && (behaviour.at ?? 'DATA') === at
      ? Object.assign(new Error(behaviour.text), { responseCode: behaviour.code })
      : null;

  const server = new SMTPServer({
    ...securityOf(options),
    authOptional: login === undefined,
    ...(mechanisms !== undefined && { authMethods: [...mechanisms] }),
    onAuth({ username = '', password }, { secure }, done) {
      logins.push({ user: username, password: password ?? '', isEncrypted: secure });
      if (username === login?.user && password === login.password) return done(null, { user: username });
      return done(Object.assign(new Error('Authentication failed'), { responseCode: 535 }));
    },
    onMailFrom: (_address, _session, done) => done(refusalAt('MAIL')),
    onRcptTo: (_address, _session, done) => done(refusalAt('RCPT')),
    async onData(stream, { envelope, secure, user }, done) {
      const raw = Buffer.concat(await Array.fromAsync(stream)).toString('latin1');
      const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
      const to = envelope.rcptTo.map(({ address }) => address);
      mails.push({
        ...parseMail(raw),
        raw,
        from,
        to,
        isEncrypted: secure,
        user: user as string,
        receivedAt: Date.now(),
      });
      if (behaviour === 'hang') return;
      if (behaviour === 'drop') return sockets.forEach((socket) => socket.destroy());
      done(refusalAt('DATA'));
    },
  });
  // A client that goes away in the middle is what some of these tests are about.
  server.on('error', () => undefined);
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ending.after(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(resolve));
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    logins,
    behave: (told) => void (behaviour = told),
  };
}

function securityOf({ certificate, isTls = false }: SmtpReceiverOptions): SMTPServerOptions {
  // Its own certificate, which is all it has otherwise, is worth nothing.
  if (certificate === undefined) return { disabledCommands: ['STARTTLS'], allowInsecureAuth: true };
  return { secure: isTls, key: certificate.key, cert: certificate.certificate, allowInsecureAuth: true };
}
