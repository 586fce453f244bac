import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { accepts } from './accepts.ts';
import { requireProgram } from './install.ts';
import { type Ending, freePort, type ServerProcess, serverFolder, startServer, unprivileged } from './server.ts';

export interface Dovecot extends ServerProcess {
  /** Offers STARTTLS if there is a certificate. */
  readonly port: number;
  readonly tlsPort: number;
}

export interface DovecotOptions {
  readonly user: string;
  readonly password: string;
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** How many messages are in INBOX; the first `seen` of them were read. */
  readonly messages?: number;
  readonly seen?: number;
}

/** A real server of its own with one mailbox. */
export async function startDovecot(ending: Ending, options: DovecotOptions): Promise<Dovecot> {
  const program = requireProgram({ name: 'dovecot', packages: ['dovecot-imapd'], folders: ['/usr/sbin'] });
  const [port, tlsPort] = [await freePort(), await freePort()];
  const folder = serverFolder('dovecot');
  writeMailbox(folder, options);
  writeOwn(folder, 'users', `${options.user}:{PLAIN.b64}${Buffer.from(options.password).toString('base64')}\n`);
  const configuration = configurationOf(folder, { port, tlsPort, ...options });
  const server = await startServer({
    folder,
    program,
    argv: ['-F', '-c', writeOwn(folder, 'dovecot.conf', configuration)],
    signal: 'SIGTERM',
    isReady: () => accepts(port),
  });
  ending.after(() => server.stop());
  return { ...server, port, tlsPort };
}

/** Without root it cannot give its processes users of their own (https://doc.dovecot.org/admin_manual/rootless/). */
function configurationOf(
  folder: string,
  { port, tlsPort, tls }: DovecotOptions & Pick<Dovecot, 'port' | 'tlsPort'>,
): string {
  const { uid = process.getuid?.(), gid = process.getgid?.() } = unprivileged();
  const isRoot = unprivileged().uid !== undefined;
  const user = isRoot ? 'nobody' : (process.env['USER'] ?? '');
  const encryption =
    tls === undefined
      ? ['ssl = no', 'disable_plaintext_auth = no']
      : ['ssl = yes', `ssl_cert = <${tls.certificate}`, `ssl_key = <${tls.key}`, 'disable_plaintext_auth = yes'];
  return [
    `base_dir = ${folder}/run`,
    `state_dir = ${folder}/state`,
    `log_path = ${folder}/dovecot.log`,
    'protocols = imap',
    'listen = 127.0.0.1',
    `default_internal_user = ${user}`,
    `default_login_user = ${user}`,
    `default_internal_group = ${isRoot ? 'nogroup' : user}`,
    'first_valid_uid = 1',
    'last_valid_uid = 0',
    'first_valid_gid = 1',
    'auth_failure_delay = 0',
    `mail_location = maildir:${folder}/mail`,
    ...encryption,
    block('passdb', 'driver = passwd-file', `args = username_format=%u ${folder}/users`),
    block('userdb', 'driver = static', `args = uid=${uid} gid=${gid} home=${folder}`),
    // Who was refused once is not made to wait the next time.
    block('service anvil', 'chroot =', block('unix_listener anvil-auth-penalty', 'mode = 0')),
    block(
      'service imap-login',
      'chroot =',
      block('inet_listener imap', `port = ${port}`),
      block('inet_listener imaps', `port = ${tlsPort}`),
    ),
    '',
  ].join('\n');
}

function block(name: string, ...lines: readonly string[]): string {
  return [`${name} {`, ...lines, '}'].join('\n');
}

/** A Maildir (https://cr.yp.to/proto/maildir.html): what is in `new` was not looked at yet. */
function writeMailbox(folder: string, { messages = 0, seen = 0 }: DovecotOptions): void {
  for (const part of ['mail', 'mail/cur', 'mail/new', 'mail/tmp', 'run', 'state']) {
    mkdirSync(path.join(folder, part));
    own(path.join(folder, part));
  }
  for (let index = 0; index < messages; index += 1) {
    const name = index < seen ? `mail/cur/${index}.test:2,S` : `mail/new/${index}.test`;
    writeOwn(folder, name, 'From: a@mail.example\nSubject: hush\n\nhush\n');
  }
}

function writeOwn(folder: string, name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text, { mode: 0o600 });
  own(file);
  return file;
}

function own(file: string): void {
  const { uid, gid } = unprivileged();
  if (uid !== undefined && gid !== undefined) chownSync(file, uid, gid);
}
