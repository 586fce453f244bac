import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { after, test } from 'node:test';
import { inspect } from 'node:util';
import { smtp } from '../../../src/monitoring/types/smtp.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { selfSigned } from '../../support/servers/certificates.ts';
import { closedPort, pourWithoutEnd, serveTcp } from '../../support/servers/misbehaving.ts';
import { startSmtpReceiver } from '../../support/servers/smtp-receiver.ts';
import { PLANTED, tryType } from '../../support/type-trial.ts';

const PASSWORD = 'p:a/s?s% hush';
const login = { user: 'shop@mail.example', password: PASSWORD };
const certificate = selfSigned({ after });
const upgrading = await startSmtpReceiver({ after }, { certificate, login });
const encrypted = await startSmtpReceiver({ after }, { certificate, login, isTls: true });
const plain = await startSmtpReceiver({ after }, { login });
const credentials = `${encodeURIComponent(login.user)}:${encodeURIComponent(PASSWORD)}@`;
const at = (port: number, who = '') => ({ smtp: `smtp://${who}127.0.0.1:${port}`, verify_tls: false });

tryType(smtp, {
  up: async () => at(upgrading.port, credentials),
  down: async () => at(await closedPort(), `app:${PLANTED}@`),
  degraded: async () => at(plain.port, `app:${PLANTED}@`),
  silent: async (t) => at(await serveTcp(t, () => undefined)),
  hostile: {
    'speaks HTTP': async (t) => at(await serveTcp(t, (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))),
    'never ends': async (t) => at(await serveTcp(t, pourWithoutEnd)),
    'greets without end': async (t) => at(await serveTcp(t, (socket) => socket.write('220-hush\r\n'.repeat(9_000)))),
    'hangs up': async (t) => at(await serveTcp(t, (socket) => socket.end())),
    'hangs up after the greeting': async (t) => at(await serveTcp(t, (socket) => socket.end('220 hush\r\n'))),
    'repeats what it is told': async (t) => at(await serveTcp(t, repeat), `app:${PLANTED}@`),
    'asks without end': async (t) =>
      at(await serveTcp(t, (socket) => speak(socket, { AUTH: '334 aHVzaA==' })), `a:${PLANTED}@`),
  },
  rejected: async () => at(upgrading.port, `app:${PLANTED}@`),
});

test('smtp: one logs in over STARTTLS, and over TLS from the first byte, and leaves no message', async () => {
  const states = [
    at(upgrading.port, credentials),
    at(upgrading.port),
    { smtp: `smtps://${credentials}127.0.0.1:${encrypted.port}`, verify_tls: false },
  ].map(async (settings) => (await probe(smtp, settings))?.state);

  assert.deepEqual(await Promise.all(states), ['up', 'up', 'up']);
  for (const { logins, mails } of [upgrading, encrypted]) {
    assert.deepEqual(logins.find(({ password }) => password === PASSWORD)?.isEncrypted, true);
    assert.equal(mails.length, 0);
  }
});

test('smtp: a password never goes over the wire in the clear', async () => {
  const result = await probe(smtp, at(plain.port, credentials));

  assert.equal(result?.state, 'degraded');
  assert.equal(
    reasonOf(result),
    `127.0.0.1:${plain.port} offers no TLS, so the password was kept back: anybody on the way could have read it.`,
  );
  assert.deepEqual(plain.logins, []);
  assert.equal((await probe(smtp, at(plain.port)))?.state, 'up');
});

test('smtp: STARTTLS can be required', async () => {
  const result = await probe(smtp, { ...at(plain.port), starttls_required: true });

  assert.equal(reasonOf(result), `127.0.0.1:${plain.port} offers no STARTTLS, and that is required.`);
});

test('smtp: the certificate counts, unless told otherwise', async () => {
  for (const url of [`smtp://127.0.0.1:${upgrading.port}`, `smtps://127.0.0.1:${encrypted.port}`]) {
    assert.match(reasonOf(await probe(smtp, { smtp: url })), /is signed by nobody but itself\.$/);
  }
});

test('smtp: wrong credentials are told', async () => {
  const reason = reasonOf(await probe(smtp, at(upgrading.port, 'shop:hush@')));

  assert.equal(reason, `127.0.0.1:${upgrading.port} rejects the password for user shop.`);
});

test('smtp: what hides the password is used in the clear too', async (t) => {
  // The example of RFC 2195.
  const challenge = Buffer.from('<1896.697170952@postoffice.reston.mci.net>').toString('base64');
  const heard: string[] = [];
  const port = await serveTcp(t, (socket) =>
    speak(socket, { EHLO: '250-mail\r\n250 AUTH CRAM-MD5 PLAIN', AUTH: `334 ${challenge}`, dGl: '235 in' }, heard),
  );

  const result = await probe(smtp, { smtp: `smtp://tim:tanstaaftanstaaf@127.0.0.1:${port}` });

  assert.equal(result?.state, 'up', inspect(result));
  assert.ok(heard.includes('dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw'), 'the digest of the example');
});

test('smtp: a server that knows only LOGIN is logged in to', async (t) => {
  const server = await startSmtpReceiver(t, { certificate, login, isTls: true, mechanisms: ['LOGIN'] });

  const result = await probe(smtp, { smtp: `smtps://${credentials}127.0.0.1:${server.port}`, verify_tls: false });

  assert.equal(result?.state, 'up', inspect(result));
  assert.deepEqual(server.logins, [{ ...login, isEncrypted: true }]);
});

test('smtp: nothing that was slipped in before TLS counts', async (t) => {
  const port = await serveTcp(t, (socket) =>
    speak(socket, { EHLO: '250-mail\r\n250 STARTTLS', STARTTLS: '220 go\r\n250 hush' }),
  );

  assert.match(reasonOf(await probe(smtp, at(port))), /goes on in the clear after it agreed to start TLS\.$/);
});

const REPLIES: Readonly<Record<string, readonly [Readonly<Record<string, string>>, RegExp]>> = {
  'takes nobody': [{ '': '554 go\u001b[31m away' }, /greeted us with 554 "go \[31m away", expected 220\.$/],
  'is closing': [{ EHLO: '421 later' }, /answered EHLO with 421 "later", expected 250\.$/],
  'is no longer there for NOOP': [{ NOOP: '421 hush' }, /answered NOOP with 421, expected 250\.$/],
};

for (const [name, [replies, reason]] of Object.entries(REPLIES)) {
  test(`smtp: a server that ${name} is down`, async (t) => {
    const port = await serveTcp(t, (socket) => speak(socket, replies));

    assert.match(reasonOf(await probe(smtp, at(port))), reason);
  });
}

test('smtp: one that never says goodbye is up all the same', async (t) => {
  const port = await serveTcp(t, (socket) => speak(socket, { QUIT: '' }));

  const result = await probe(smtp, at(port));

  assert.equal(result?.state, 'up');
  assert.ok((result.latencyMs ?? 1_000) < 900, 'the goodbye is not part of the time');
});

test('smtp: a closed port can be expected to be closed', async () => {
  const result = await probe(smtp, { ...at(await closedPort()), expect: ['[CONNECTED] == false'] });

  assert.equal(result?.state, 'up');
});

test('smtp: what is watched is shown without what is secret', () => {
  const settings = smtp.settings.parse({ smtp: 'smtps://app:hush@mail.example' });

  assert.equal(smtp.target(settings), 'mail.example:465');
  assert.doesNotMatch(`${inspect(settings, { depth: 9 })}${JSON.stringify(settings)}`, /hush/);
});

const USUAL: Readonly<Record<string, string>> = {
  '': '220 mail',
  EHLO: '250-mail\r\n250 AUTH CRAM-MD5',
  NOOP: '250 ok',
  QUIT: '221 bye',
};

/** Answers each line by how it begins; an empty answer is none. */
function speak(socket: Socket, otherwise: Readonly<Record<string, string>>, heard: string[] = []): void {
  const replies = { ...USUAL, ...otherwise };
  const say = (reply: string) => (reply === '' ? undefined : socket.write(`${reply}\r\n`));
  say(replies[''] ?? '');
  socket.on('data', (bytes) => {
    const line = bytes.toString().trimEnd();
    heard.push(line);
    const known = Object.keys(replies).find((start) => start !== '' && line.startsWith(start));
    say(known === undefined ? '500 what?' : (replies[known] ?? ''));
  });
}

function repeat(socket: Socket): void {
  socket.write('220 mail\r\n');
  let said = 0;
  socket.on('data', (bytes) => {
    said += 1;
    if (said % 2 === 1 && bytes.toString().startsWith('EHLO')) socket.write('250-mail\r\n250 AUTH CRAM-MD5\r\n');
    else socket.write(`535 ${bytes.toString().trimEnd()}\r\n`);
  });
}
