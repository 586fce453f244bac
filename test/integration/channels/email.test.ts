import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { detailOf, envelope, notice, send } from '../../support/channel-io.ts';
import { eventually } from '../../support/eventually.ts';
import { selfSigned } from '../../support/servers/certificates.ts';
import { closedPort, serveTcp } from '../../support/servers/misbehaving.ts';
import { type SmtpReceiver, startSmtpReceiver } from '../../support/servers/smtp-receiver.ts';

const OPS = { email: 'ops@shop.example' };
const LOGIN = { user: 'evenkeel@shop.example', password: 'hush:@/%' };
const CREDENTIALS = `${encodeURIComponent(LOGIN.user)}:${encodeURIComponent(LOGIN.password)}`;
/** A name that is not this machine's, as far as anybody can tell by it. */
const ELSEWHERE = { lookup: async () => ['127.0.0.1'] };

test('email: an alert and its end are mailed, readable as text and as HTML, in one thread [ALR-05/R]', async (t) => {
  const server = await startSmtpReceiver(t);
  const smtpUrl = `smtp://127.0.0.1:${server.port}`;
  const end = envelope({ id: 'msg_02', notice: notice({ phase: 'resolved', title: 'api is back', links: [] }) });

  const opened = await send(OPS, { smtpUrl });
  const resolved = await send(OPS, { smtpUrl, envelope: end });

  assert.match(detailOf(opened, 'delivered'), /^127\.0\.0\.1:\d+ answered 250 /);
  assert.equal(resolved.outcome, 'delivered');
  const [first, second] = [read(server, 0), read(server, 1)];
  assert.deepEqual([first.from, first.to], ['status@shop.example', ['ops@shop.example']]);
  assert.equal(first.header('from'), 'Shop status <status@shop.example>');
  assert.equal(first.header('to'), 'ops@shop.example');
  assert.equal(first.header('subject'), '[critical] shop: api is down');
  assert.equal(second.header('subject'), '[resolved] shop: api is back');
  assert.equal(
    first.part('text/plain').trim(),
    [
      '[critical] shop: api is down',
      'api.shop.example refused the connection.',
      'Also affected: web, worker.',
      'Monitor      api\nDown since   2026-01-05 08:59:00 UTC',
      'Status page  https://status.shop.example/?a=1&b=2',
      '-- \nEvenkeel, 2026-01-05 09:00:00 UTC',
    ].join('\n\n'),
  );
  const page = first.part('text/html');
  assert.match(page, /<h1 [^>]*>\[critical\] shop: api is down<\/h1>/);
  assert.match(page, /<a href="https:\/\/status\.shop\.example\/\?a=1&amp;b=2" [^>]*>Status page<\/a>/);
  assert.equal(first.header('message-id'), '<msg_01@shop.example>');
  assert.equal(second.header('message-id'), '<msg_02@shop.example>');
  const thread = first.header('references');
  assert.match(thread, /^<thread\.[\da-f]{32}@shop\.example>$/);
  assert.deepEqual([second.header('references'), second.header('in-reply-to')], [thread, thread]);
});

test('email: no program answers it, and what is critical is marked', async (t) => {
  const server = await startSmtpReceiver(t);
  const smtpUrl = `smtp://127.0.0.1:${server.port}`;

  await send(OPS, { smtpUrl });
  await send(OPS, { smtpUrl, envelope: envelope({ thread: 'alt_2', notice: notice({ severity: 'warning' }) }) });

  const [critical, warning] = server.mails.map(({ headers }) => headers);
  assert.equal(critical?.get('auto-submitted'), 'auto-generated');
  assert.equal(critical?.get('x-auto-response-suppress'), 'All');
  assert.equal(critical?.get('importance'), 'High');
  assert.equal(warning?.get('importance'), undefined);
  assert.notEqual(warning?.get('references'), critical?.get('references'));
});

test('email: nothing in a message becomes a header, a recipient or a tag', async (t) => {
  const server = await startSmtpReceiver(t);
  const nasty = 'x\r\nBcc: all@shop.example\r\n\r\n<script>alert(1)</script>\r\n.\r\nQUIT\r\n "&\u2028\u0000';
  const message = envelope({
    id: 'a>\r\nBcc: b@shop.example',
    thread: 'a>\r\nBcc: b@shop.example',
    notice: notice({
      title: nasty,
      text: [nasty],
      facts: [{ label: nasty, value: nasty }],
      links: [{ label: nasty, url: `https://x.example/"><script>` }],
    }),
  });

  const result = await send(OPS, {
    smtpUrl: `smtp://127.0.0.1:${server.port}`,
    envelope: message,
    from: 'Shop\r\nBcc: c@shop.example\r\n <status@shop.example>',
  });

  detailOf(result, 'delivered');
  assert.equal(server.mails.length, 1);
  const mail = read(server, 0);
  assert.deepEqual(mail.to, ['ops@shop.example']);
  const expected = ['auto-submitted', 'content-type', 'date', 'from', 'importance', 'in-reply-to', 'message-id'];
  const alsoExpected = ['mime-version', 'references', 'subject', 'to', 'x-auto-response-suppress', 'x-msmail-priority'];
  assert.deepEqual([...mail.headers.keys()].toSorted(), [...expected, ...alsoExpected, 'x-priority']);
  assert.match(mail.header('message-id'), /^<[\da-f]{32}@shop\.example>$/);
  assert.match(mail.header('subject'), /^\[critical\] shop: x Bcc: all@shop\.example /);
  const page = mail.part('text/html');
  assert.doesNotMatch(page, /<script/);
  assert.match(page, /&lt;script&gt;alert\(1\)/);
  assert.match(mail.part('text/plain'), /QUIT/);
});

test('email: a repeat has the same Message-ID', async (t) => {
  const server = await startSmtpReceiver(t);
  const smtpUrl = `smtp://127.0.0.1:${server.port}`;
  server.behave('drop');
  const lost = await send(OPS, { smtpUrl });
  server.behave('take');
  const repeated = await send(OPS, { smtpUrl, envelope: envelope({ attempt: 2 }) });

  assert.match(detailOf(lost, 'failed'), /(?:ended|broke off) the connection before it/);
  assert.equal(repeated.outcome, 'delivered');
  const ids = server.mails.map(({ headers }) => headers.get('message-id'));
  assert.deepEqual(ids, ['<msg_01@shop.example>', '<msg_01@shop.example>']);
});

for (const [code, at, outcome, sentence] of [
  [451, 'DATA', 'failed', 'did not take the message: 451 Later, please'],
  [550, 'DATA', 'refused', 'did not take the message: 550 Later, please'],
  [450, 'RCPT', 'failed', 'does not take mail for this address: 450 Later, please'],
  [550, 'RCPT', 'refused', 'does not take mail for this address: 550 Later, please'],
  [421, 'MAIL', 'failed', 'does not take mail from EVENKEEL_MAIL_FROM: 421 Later, please'],
  [553, 'MAIL', 'refused', 'does not take mail from EVENKEEL_MAIL_FROM: 553 Later, please'],
  [503, 'MAIL', 'failed', 'does not take mail from EVENKEEL_MAIL_FROM: 503 Later, please'],
] as const) {
  test(`email: ${code} to ${at} means ${outcome}`, async (t) => {
    const server = await startSmtpReceiver(t);
    server.behave({ code, at, text: 'Later, please' });

    const detail = detailOf(await send(OPS, { smtpUrl: `smtp://127.0.0.1:${server.port}` }), outcome);

    assert.equal(detail, `127.0.0.1:${server.port} ${sentence}`);
  });
}

test('email: without a mail server it says which variables to set', async () => {
  const detail = detailOf(await send(OPS), 'failed');

  assert.equal(detail, 'No mail server is set. Set EVENKEEL_SMTP_URL, and EVENKEEL_MAIL_FROM for the sender.');
});

test('email: STARTTLS is used where it is offered, and the login goes through it', async (t) => {
  const server = await startSmtpReceiver(t, { certificate: selfSigned(t), login: LOGIN });

  const result = await send(OPS, { smtpUrl: `smtp://${CREDENTIALS}@127.0.0.1:${server.port}` });

  detailOf(result, 'delivered');
  assert.deepEqual([server.mails[0]?.isEncrypted, server.mails[0]?.user], [true, LOGIN.user]);
  assert.deepEqual(server.logins, [{ ...LOGIN, isEncrypted: true }]);
});

test('email: smtps is encrypted from the first byte', async (t) => {
  const server = await startSmtpReceiver(t, { certificate: selfSigned(t), isTls: true, login: LOGIN });

  const result = await send(OPS, { smtpUrl: `smtps://${CREDENTIALS}@127.0.0.1:${server.port}` });

  detailOf(result, 'delivered');
  assert.deepEqual(server.logins, [{ ...LOGIN, isEncrypted: true }]);
});

for (const scheme of ['smtp', 'smtps']) {
  test(`email: another machine must prove who it is before ${scheme} tells it anything`, async (t) => {
    const isTls = scheme === 'smtps';
    const stranger = await startSmtpReceiver(t, { certificate: selfSigned(t), isTls, login: LOGIN });
    const certificate = selfSigned(t, { names: 'DNS:mail.shop.example' });
    const known = await startSmtpReceiver(t, { certificate, isTls, login: LOGIN });
    setDefaultCACertificates([certificate.certificate]);
    t.after(() => setDefaultCACertificates(getCACertificates('bundled')));
    const to = (port: number) => ({ ...ELSEWHERE, smtpUrl: `${scheme}://${CREDENTIALS}@mail.shop.example:${port}` });

    const refused = detailOf(await send(OPS, to(stranger.port)), 'failed');

    assert.match(refused, /^The certificate of mail\.shop\.example:\d+ is signed by nobody but itself\.$/);
    assert.deepEqual([stranger.logins, stranger.mails], [[], []]);
    detailOf(await send(OPS, to(known.port)), 'delivered');
    assert.equal(known.mails.length, 1);
  });
}

test('email: no password goes in the clear to another machine', async (t) => {
  const server = await startSmtpReceiver(t, { login: LOGIN });
  const smtpUrl = `smtp://${CREDENTIALS}@mail.shop.example:${server.port}`;

  const detail = detailOf(await send(OPS, { ...ELSEWHERE, smtpUrl }), 'refused');

  assert.match(detail, /^mail\.shop\.example:\d+ does not encrypt, so nothing was sent to it: 5\d\d /);
  assert.deepEqual([server.logins, server.mails], [[], []]);
  detailOf(await send(OPS, { smtpUrl: `smtp://${CREDENTIALS}@127.0.0.1:${server.port}` }), 'delivered');
});

test('email: a login that is not accepted or is missing is told with the name of its variable', async (t) => {
  const server = await startSmtpReceiver(t, { login: LOGIN });
  const where = `127.0.0.1:${server.port}`;

  const wrong = detailOf(await send(OPS, { smtpUrl: `smtp://ada:hush@${where}` }), 'refused');
  const half = detailOf(await send(OPS, { smtpUrl: `smtp://ada@${where}` }), 'failed');
  const none = detailOf(await send(OPS, { smtpUrl: `smtp://${where}` }), 'refused');

  assert.match(wrong, /does not accept the user and password in EVENKEEL_SMTP_URL: 535 /);
  assert.match(half, /asks for a user and a password, and EVENKEEL_SMTP_URL does not hold both\.$/);
  assert.match(none, /: 530 /);
});

test('email: a server that is silent, elsewhere, or no mail server has failed', async (t) => {
  const server = await startSmtpReceiver(t);
  server.behave('hang');
  const mute = await serveTcp(t, () => undefined);
  const web = await serveTcp(t, (socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
  const closing = await serveTcp(t, (socket) => socket.end());
  const to = (port: number, timeoutMs?: number) =>
    send(OPS, { smtpUrl: `smtp://127.0.0.1:${port}`, ...(timeoutMs !== undefined && { timeoutMs }) });

  assert.match(detailOf(await to(server.port, 400), 'failed'), / did not answer in time\.$/);
  assert.match(detailOf(await to(mute, 400), 'failed'), / did not answer in time\.$/);
  assert.match(detailOf(await to(web), 'failed'), / does not answer as a mail server does\.$/);
  assert.match(detailOf(await to(closing), 'failed'), /(?:ended|broke off) the connection before it/);
  assert.match(detailOf(await to(await closedPort()), 'failed'), / refused the connection\.$/);
});

for (const encryption of ['none', 'STARTTLS', 'TLS']) {
  test(`email: a stop in the middle is told as what it is; encryption: ${encryption}`, async (t) => {
    const isTls = encryption === 'TLS';
    const server = await startSmtpReceiver(t, encryption === 'none' ? {} : { certificate: selfSigned(t), isTls });
    server.behave('hang');
    const stopping = new AbortController();
    const signal = stopping.signal;

    const sending = send(OPS, { smtpUrl: `${isTls ? 'smtps' : 'smtp'}://127.0.0.1:${server.port}`, signal });
    await eventually(() => assert.equal(server.mails.length, 1));
    stopping.abort(new Error('Evenkeel stops.'));

    assert.match(detailOf(await sending, 'failed'), /^Evenkeel was stopped before 127\.0\.0\.1:\d+ answered\.$/);
    assert.equal(server.mails[0]?.isEncrypted, encryption !== 'none');
  });
}

function read({ mails }: SmtpReceiver, index: number) {
  const mail = mails[index];
  assert.ok(mail !== undefined, `mail ${index} arrived`);
  const { headers, parts } = mail;
  return { ...mail, header: (name: string) => headers.get(name) ?? '', part: (type: string) => parts.get(type) ?? '' };
}
