import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { after, test } from 'node:test';
import { createServer } from 'node:tls';
import { inspect } from 'node:util';
import { imap } from '../../../src/monitoring/types/imap.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { selfSigned } from '../../support/servers/certificates.ts';
import { startDovecot } from '../../support/servers/dovecot.ts';
import { closedPort, pourWithoutEnd, serveTcp } from '../../support/servers/misbehaving.ts';
import type { Ending } from '../../support/servers/server.ts';
import { PLANTED, tryType } from '../../support/type-trial.ts';

const USER = 'orders@mail.example';
const PASSWORD = 'p:a/s?s%"\\ hush ü';
const files = selfSigned({ after }).files;
const mailbox = { user: USER, password: PASSWORD, messages: 3, seen: 1 };
const server = await startDovecot({ after }, { ...mailbox, tls: files });
const where = `127.0.0.1:${server.port}`;
const credentials = `${encodeURIComponent(USER)}:${encodeURIComponent(PASSWORD)}@`;
const at = (port: number, who = '') => ({ imap: `imap://${who}127.0.0.1:${port}`, verify_tls: false });

tryType(imap, {
  up: async () => at(server.port, credentials),
  down: async () => at(await closedPort(), `app:${PLANTED}@`),
  degraded: async (t) => at(await serveTcp(t, (socket) => speak(socket)), `app:${PLANTED}@`),
  silent: async (t) => at(await serveTcp(t, () => undefined)),
  hostile: {
    'speaks HTTP': async (t) => at(await serveTcp(t, (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))),
    'never ends': async (t) => at(await serveTcp(t, pourWithoutEnd)),
    'announces gigabytes': async (t) => at(await serveTcp(t, (socket) => socket.write('* OK {999999999}\r\n'))),
    'talks without end': async (t) =>
      at(await serveTcp(t, (socket) => socket.write(`* OK hi\r\n${'* hush\r\n'.repeat(9_000)}`))),
    'asks without end': async (t) =>
      at(await serveTcp(t, (socket) => socket.write(`* OK hi\r\n${'+ more\r\n'.repeat(9)}`))),
    'hangs up': async (t) => at(await serveTcp(t, (socket) => socket.end())),
    'hangs up after the greeting': async (t) => at(await serveTcp(t, (socket) => socket.end('* OK hush\r\n'))),
    'repeats what it is told': async (t) =>
      at(await serveTcp(t, (socket) => speak(socket, { CAPABILITY: 'NO \u001b[31m' })), `app:${PLANTED}@`),
    'answers with less than was asked': async (t) =>
      at(await serveTcp(t, (socket) => speak(socket, { '': '* PREAUTH hi', STATUS: '* STATUS INBOX (MESSAGES 1)' }))),
  },
  rejected: async () => at(server.port, `app:${PLANTED}@`),
});

test('imap: what is in a mailbox is counted, over STARTTLS and over TLS from the first byte', async () => {
  const secure = { imap: `imaps://${credentials}127.0.0.1:${server.tlsPort}`, verify_tls: false };
  for (const settings of [at(server.port, credentials), secure]) {
    const result = await probe(imap, { ...settings, expect: { degraded: ['[BODY].unseen < 2'] } });

    assert.deepEqual(result?.readings, { messages: 3, unseen: 2 }, inspect(result));
    assert.equal(reasonOf(result), '[BODY].unseen was 2, expected < 2.');
  }
});

test('imap: without a user it is only asked for a sign of life', async () => {
  const result = await probe(imap, at(server.port));

  assert.equal(result?.state, 'up');
  assert.equal(result.readings, undefined);
});

test('imap: what is not there, or not allowed, is told', async () => {
  const missing = { ...at(server.port, credentials), mailbox: 'No "such\\ box' };
  const wrong = at(server.port, `${encodeURIComponent(USER)}:hush@`);

  const shown = JSON.stringify('No "such\\ box');
  assert.equal(reasonOf(await probe(imap, missing)), `${where} has no mailbox ${shown} that this user can open.`);
  assert.equal(reasonOf(await probe(imap, wrong)), `${where} rejects the password for user ${USER}.`);
});

test('imap: a password never goes over the wire in the clear', async (t) => {
  const open = await startDovecot(t, mailbox);

  const result = await probe(imap, at(open.port, credentials));

  assert.equal(result?.state, 'degraded', inspect(result));
  assert.equal(
    reasonOf(result),
    `127.0.0.1:${open.port} offers no TLS, so the password was kept back: anybody on the way could have read it.`,
  );
  assert.equal((await probe(imap, at(open.port)))?.state, 'up');
  const required = reasonOf(await probe(imap, { ...at(open.port), starttls_required: true }));
  assert.equal(required, `127.0.0.1:${open.port} offers no STARTTLS, and that is required.`);
});

test('imap: where there is no PLAIN, LOGIN takes any user and any password', async (t) => {
  const heard: string[] = [];
  const port = await serveTls(t, (socket) => hearLogin(socket, heard));

  const result = await probe(imap, { imap: `imaps://${credentials}127.0.0.1:${port}`, verify_tls: false });

  assert.equal(result?.state, 'up', inspect(result));
  const [user, password] = [`${Buffer.byteLength(USER)}`, `${Buffer.byteLength(PASSWORD)}`];
  assert.deepEqual(heard, [`e2 LOGIN {${user}}`, `${USER} {${password}}`, PASSWORD]);
});

test('imap: the certificate counts, unless told otherwise', async () => {
  for (const url of [`imap://${where}`, `imaps://127.0.0.1:${server.tlsPort}`]) {
    assert.match(reasonOf(await probe(imap, { imap: url })), /is signed by nobody but itself\.$/);
  }
});

test('imap: nothing that was slipped in before TLS counts', async (t) => {
  const port = await serveTcp(t, (socket) =>
    speak(socket, { CAPABILITY: '* CAPABILITY IMAP4rev1 STARTTLS', STARTTLS: 'OK go\r\n* OK hush' }),
  );

  assert.match(reasonOf(await probe(imap, at(port))), /goes on in the clear after it agreed to start TLS\.$/);
});

/** Asks for each text that is announced by its length, as a real server does. */
function hearLogin(socket: Socket, heard: string[]): void {
  const say = (...lines: readonly string[]) => void socket.write(lines.map((line) => `${line}\r\n`).join(''));
  say('* OK mail');
  socket.on('data', (bytes) => {
    const line = bytes.toString().trimEnd();
    if (line.startsWith('e1 ')) return say('* CAPABILITY IMAP4rev1', 'e1 OK');
    if (line.startsWith('e3 ')) return say('* STATUS INBOX (MESSAGES 0 UNSEEN 0)', 'e3 OK');
    if (line.startsWith('e4 ')) return say('* BYE', 'e4 OK');
    heard.push(line);
    return say(line.endsWith('}') ? '+ go on' : 'e2 OK');
  });
}

async function serveTls(ending: Ending, greet: (socket: Socket) => void): Promise<number> {
  const tls = createServer({ cert: readFileSync(files.certificate), key: readFileSync(files.key) }, (socket) => {
    socket.on('error', () => undefined);
    greet(socket);
  });
  await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
  ending.after(async () => void tls.close());
  return (tls.address() as AddressInfo).port;
}

const REPLIES: Readonly<Record<string, readonly [Readonly<Record<string, string>>, RegExp]>> = {
  'sends us away': [{ '': '* BYE too\u001b[31m many' }, /sent us away: "too \[31m many"\.$/],
  'refuses to tell what it can': [{ CAPABILITY: 'BAD hush' }, /answered CAPABILITY with BAD, expected OK\.$/],
  'is no longer there for NOOP': [{ NOOP: 'NO hush' }, /answered NOOP with NO, expected OK\.$/],
};

for (const [name, [replies, reason]] of Object.entries(REPLIES)) {
  test(`imap: a server that ${name} is down`, async (t) => {
    const port = await serveTcp(t, (socket) => speak(socket, replies));

    assert.match(reasonOf(await probe(imap, at(port))), reason);
  });
}

test('imap: one that knows us already need not be told who we are', async (t) => {
  const port = await serveTcp(t, (socket) => speak(socket, { '': '* PREAUTH hi' }));

  const result = await probe(imap, at(port, 'app:hush@'));

  assert.deepEqual(result?.readings, { messages: 7, unseen: 5 }, inspect(result));
});

test('imap: a closed port can be expected to be closed', async () => {
  const result = await probe(imap, { ...at(await closedPort()), expect: ['[CONNECTED] == false'] });

  assert.equal(result?.state, 'up');
});

test('imap: what is watched is shown without what is secret', () => {
  const settings = imap.settings.parse({ imap: 'imaps://app:hush@mail.example' });

  assert.equal(imap.target(settings), 'mail.example:993');
  assert.doesNotMatch(`${inspect(settings, { depth: 9 })}${JSON.stringify(settings)}`, /hush/);
});

const USUAL: Readonly<Record<string, string>> = {
  '': '* OK mail',
  CAPABILITY: '* CAPABILITY IMAP4rev1',
  STATUS: '* STATUS {5}\r\nINBOX (MESSAGES 7 UNSEEN 5)',
};

/** Answers each command with what is told of it: something untagged and OK, or the outcome itself. */
function speak(socket: Socket, otherwise: Readonly<Record<string, string>> = {}): void {
  const replies = { ...USUAL, ...otherwise };
  socket.write(`${replies['']}\r\n`);
  socket.on('data', (bytes) => {
    const [tag = '', name = ''] = bytes.toString().trimEnd().split(' ');
    const reply = replies[name];
    const outcome = reply === undefined || reply.startsWith('* ') ? 'OK done' : reply;
    socket.write(`${reply === undefined || reply === outcome ? '' : `${reply}\r\n`}${tag} ${outcome}\r\n`);
  });
}
