import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { after, test } from 'node:test';
import { createServer as createTls } from 'node:tls';
import { starttls } from '../../../src/monitoring/types/starttls.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { authority } from '../../support/servers/certificates.ts';
import { startMariadb } from '../../support/servers/mariadb.ts';
import { closedPort, pourWithoutEnd, serveTcp } from '../../support/servers/misbehaving.ts';
import { startPostgres } from '../../support/servers/postgres.ts';
import type { Ending } from '../../support/servers/server.ts';
import { startSlapd } from '../../support/servers/slapd.ts';
import { startSmtpReceiver } from '../../support/servers/smtp-receiver.ts';
import { tryType } from '../../support/type-trial.ts';

const issuer = authority({ after });
const good = issuer.issue();
const trusting = { authority: issuer.certificate };
const inner = createTls({ cert: good.certificate, key: good.key });

/** What the server says first, then each line it waits for and what it says to it; at the end comes TLS. */
type Script = readonly [greeting: string, ...turns: readonly (readonly [heard: RegExp, said: string])[]];

const IMAP: Script = ['* OK ready\r\n', [/^\S+ STARTTLS\r\n$/, '* BYE nothing yet\r\na OK begin\r\n']];
/** As their specifications have it (RFC 9051, 2595, 4217, 3207, 6120). */
const TALKS: Readonly<Record<string, Script>> = {
  imap: IMAP,
  pop3: ['+OK ready\r\n', [/^STLS\r\n$/, '+OK begin\r\n']],
  ftp: ['220-shop\r\n more\r\n220 ready\r\n', [/^AUTH TLS\r\n$/, '234 begin\r\n']],
  smtp: [
    '220 mail.test ESMTP\r\n',
    [/^EHLO \S+\r\n$/, '250-mail.test\r\n250-PIPELINING\r\n250-STARTTLS\r\n250 8BITMIME\r\n'],
    [/^STARTTLS\r\n$/, '220 go ahead\r\n'],
  ],
  xmpp: [
    '',
    [
      /<stream:stream to='127\.0\.0\.1' .*version='1\.0'>$/,
      "<?xml version='1.0'?><stream:stream id='1' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>" +
        "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>",
    ],
    [/^<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'\/>$/, "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"],
  ],
};

tryType(starttls, {
  up: (t) => speaking(t, 'imap', IMAP),
  down: async () => ({ starttls: `smtp://127.0.0.1:${await closedPort()}` }),
  degraded: async (t) => ({ ...(await speaking(t, 'imap', IMAP)), expires_in: '31d' }),
  silent: async (t) => ({ starttls: `imap://127.0.0.1:${await serveTcp(t, () => undefined)}` }),
  hostile: {
    'greets without end': async (t) => ({ starttls: `smtp://127.0.0.1:${await serveTcp(t, pourWithoutEnd)}` }),
    'speaks HTTP': (t) => speaking(t, 'pop3', ['HTTP/1.1 400 Bad \u001b[31mRequest\r\n\r\n']),
    'speaks HTTP to a client of LDAP': (t) => speaking(t, 'ldap', ['HTTP/1.1 400 Bad Request\r\n\r\n']),
    'sends half a packet of MySQL': async (t) => ({
      starttls: `mysql://127.0.0.1:${await serveTcp(t, (socket) => socket.end('\u0009\u0000\u0000\u0000\u000a5.5.5'))}`,
    }),
    'sends a packet of MySQL that ends too soon': (t) =>
      speaking(t, 'mysql', ['\u0003\u0000\u0000\u0000\u000a5\u0000']),
    'hangs up after its greeting': async (t) => ({
      starttls: `imap://127.0.0.1:${await serveTcp(t, (socket) => socket.end('* OK\r\n'))}`,
    }),
    'goes on talking in the clear': (t) => speaking(t, 'pop3', ['+OK\r\n', [/STLS/, '+OK\r\n+OK injected\r\n']]),
  },
  rejected: 'A certificate is shown to anybody who asks for it.',
});

for (const [scheme, script] of Object.entries(TALKS)) {
  test(`starttls: ${scheme} changes over as its specification has it`, async (t) => {
    const result = await probe(starttls, await speaking(t, scheme, script), { timeoutMs: 2_000 });

    assert.equal(result?.state, 'up', JSON.stringify(result));
    assert.ok((result?.readings?.['certificate'] ?? 0) > 0);
  });
}

test('starttls: real servers of mail, databases and directories change over', async (t) => {
  const [mail, postgres, mariadb, directory] = await Promise.all([
    startSmtpReceiver(t, { certificate: good }),
    startPostgres(t, { tls: good.files }),
    startMariadb(t, { tls: good.files }),
    startSlapd(t, { password: 'hush', tls: good.files }),
  ]);
  const urls = [
    `smtp://127.0.0.1:${mail.port}`,
    `postgres://127.0.0.1:${postgres.port}`,
    `mysql://127.0.0.1:${mariadb.port}`,
    `ldap://127.0.0.1:${directory.port}`,
  ];

  const results = await Promise.all(urls.map((url) => probe(starttls, { starttls: url, ...trusting })));

  assert.deepEqual(
    results.map((result) => result?.state),
    ['up', 'up', 'up', 'up'],
    JSON.stringify(results),
  );
});

test('starttls: a server without TLS is told, each in its own protocol', async (t) => {
  const mail = await startSmtpReceiver(t);
  const directory = await startSlapd(t, { password: 'hush' });
  const reason = async (url: string) => reasonOf(await probe(starttls, { starttls: url }, { timeoutMs: 2_000 }));
  const refuse = async (scheme: string, script: Script) =>
    reasonOf(await probe(starttls, await speaking(t, scheme, script), { timeoutMs: 2_000 }));

  assert.match(await reason(`smtp://127.0.0.1:${mail.port}`), /offers no TLS on this port\.$/);
  assert.match(await reason(`ldap://127.0.0.1:${directory.port}`), /offers no TLS on this port\.$/);
  assert.match(await refuse('postgres', ['', [/^/, 'N']]), /offers no TLS on this port\.$/);
  assert.match(
    await refuse('imap', ['* OK\r\n', [/STARTTLS/, 'a NO not here\r\n']]),
    /did not agree to TLS: "a NO not here"\.$/,
  );
});

test('starttls: a shutdown in the middle of it is no downtime', async (t) => {
  const stopping = new AbortController();
  const port = await serveTcp(t, () => setTimeout(() => stopping.abort(new Error('stopping')), 30));

  const checking = probe(starttls, { starttls: `smtp://127.0.0.1:${port}` }, { signal: stopping.signal });

  await assert.rejects(checking, /stopping/);
});

/** A server that talks by a script, and then shakes hands. */
async function speaking(ending: Ending, scheme: string, [greeting, ...turns]: Script) {
  const port = await serveTcp(ending, (socket) => {
    socket.write(greeting, 'latin1');
    takeTurn(socket, turns);
  });
  return { starttls: `${scheme}://127.0.0.1:${port}`, ...trusting };
}

function takeTurn(socket: Socket, [turn, ...turns]: readonly (readonly [RegExp, string])[]): void {
  if (turn === undefined) {
    inner.emit('connection', socket);
    return;
  }
  const [heard, said] = turn;
  socket.resume();
  socket.once('data', (chunk) => {
    if (!heard.test(String(chunk))) {
      socket.destroy();
      return;
    }
    socket.pause();
    socket.write(said, 'latin1', () => takeTurn(socket, turns));
  });
}
