import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, test } from 'node:test';
import { ssh } from '../../../src/monitoring/types/ssh.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { closedPort, pourWithoutEnd, serveTcp } from '../../support/servers/misbehaving.ts';
import type { Ending } from '../../support/servers/server.ts';
import { startSshd } from '../../support/servers/sshd.ts';
import { tryType } from '../../support/type-trial.ts';

const GREETING = 'SSH-2.0-Other\r\n';
const server = await startSshd({ after }, { keys: ['ed25519', 'ecdsa', 'rsa'] });
const where = `127.0.0.1:${server.port}`;

tryType(ssh, {
  up: async () => ({ ssh: where, fingerprint: server.fingerprints['ed25519'] }),
  down: async () => ({ ssh: `127.0.0.1:${await closedPort()}` }),
  degraded: (t) => saying(t, `SSH-1.99-Other\r\n${kexInit('curve25519-sha256', 'ssh-dss')}`),
  silent: async (t) => ({ ssh: `127.0.0.1:${await serveTcp(t, () => undefined)}` }),
  hostile: {
    'speaks HTTP': (t) => saying(t, 'HTTP/1.1 400 Bad \u001b[31mRequest\r\n\r\n'),
    'speaks SSH 1 only': (t) => saying(t, 'SSH-1.5-Old\r\n'),
    'never ends its greeting': async (t) => ({ ssh: `127.0.0.1:${await serveTcp(t, pourWithoutEnd)}` }),
    'greets with lines and lines': (t) => saying(t, 'welcome\r\n'.repeat(1_000)),
    'announces a message of 4 GB': (t) => saying(t, `${GREETING}\u00ff\u00ff\u00ff\u00ff`),
    'sends a message with nothing in it': (t) =>
      saying(t, `${GREETING}\u0000\u0000\u0000\u000c\u000b${'\u0000'.repeat(11)}`),
    'sends a message cut short': (t) => saying(t, `${GREETING}${packet('\u0014'.padEnd(17, '\u0000'))}`),
    'keeps us waiting with messages that mean nothing': (t) =>
      saying(t, GREETING + packet('\u0002\u0000\u0000\u0000\u0000').repeat(100)),
    'answers with another message': (t) => saying(t, GREETING + packet('\u0005hello')),
    'answers the exchange with zeros': (t) =>
      saying(
        t,
        GREETING +
          kexInit('curve25519-sha256', 'ssh-ed25519') +
          packet(`\u001f${text('x')}${text('\u0000'.repeat(32))}${text('x')}`),
      ),
  },
  rejected: 'It does not log in.',
});

test('ssh: what the server calls itself can be expected', async () => {
  const result = await probe(ssh, { ssh: where, expect: ['[BODY] == pat(OpenSSH_*)', '[RESPONSE_TIME] < 5s'] });

  assert.equal(result?.state, 'up', JSON.stringify(result));
  assert.ok((result?.latencyMs ?? 0) > 0);
});

for (const kind of ['ed25519', 'ecdsa', 'rsa'] as const) {
  test(`ssh: the fingerprint of its ${kind} key is found among the keys it has`, async () => {
    const fingerprint = server.fingerprints[kind];
    assert.ok(fingerprint);

    assert.equal((await probe(ssh, { ssh: where, fingerprint }))?.state, 'up');
  });

  test(`ssh: a server with nothing but a key of the kind ${kind} proves it`, async (t) => {
    const one = await startSshd(t, { keys: [kind] });
    const fingerprint = one.fingerprints[kind];

    assert.equal((await probe(ssh, { ssh: `127.0.0.1:${one.port}`, fingerprint }))?.state, 'up');
  });
}

test('ssh: another host key than the one expected is down, and the one found is shown', async () => {
  const result = await probe(ssh, { ssh: where, fingerprint: `SHA256:${'A'.repeat(43)}` });

  assert.equal(
    reasonOf(result),
    `${where} has another host key than the one expected: ${server.fingerprints['ed25519']}.`,
  );
});

test('ssh: keys are also exchanged over the curve P-256', async (t) => {
  const older = await startSshd(t, { configuration: ['KexAlgorithms ecdh-sha2-nistp256'] });
  const settings = { ssh: `127.0.0.1:${older.port}`, fingerprint: older.fingerprints['ed25519'] };

  assert.equal((await probe(ssh, settings))?.state, 'up');
});

test('ssh: a server that exchanges keys in a way newer than ours is not called old', async (t) => {
  const newer = await startSshd(t, { configuration: ['KexAlgorithms sntrup761x25519-sha512@openssh.com'] });

  assert.match(reasonOf(await probe(ssh, { ssh: `127.0.0.1:${newer.port}` })), / has no way in common with us /);
});

test('ssh: a server that only knows old ways is degraded, and down where its key has to be right', async (t) => {
  const old = await startSshd(t, { configuration: ['KexAlgorithms diffie-hellman-group14-sha1'] });
  const target = `127.0.0.1:${old.port}`;

  const result = await probe(ssh, { ssh: target });

  assert.equal(result?.state, 'degraded');
  assert.equal(reasonOf(result), `${target} has no way in common with us to prove its host key: it may be anybody.`);
  const pinned = await probe(ssh, { ssh: target, fingerprint: old.fingerprints['ed25519'] });
  assert.equal(reasonOf(pinned), `${target} offers no way to prove its host key that is known here.`);
});

test('ssh: who shows a key without having it is found out', async (t) => {
  // Everything another server says, the signature over the keys of this connection included, is said again.
  const recorded = await recordingOf(t, server.port);
  const settings = await saying(t, recorded);

  assert.match(reasonOf(await probe(ssh, settings)), /cannot prove that its host key is its own\.$/);
});

test('ssh: a server that hangs up says why', async (t) => {
  const settings = await saying(
    t,
    GREETING + packet(`\u0001\u0000\u0000\u0000\u000c${text('too many \u001b connections')}${text('')}`),
  );

  assert.match(reasonOf(await probe(ssh, settings)), /hung up: "too many \\u001b connections"\.$/);
});

test('ssh: a shutdown in the middle of a check is no downtime', async (t) => {
  const stopping = new AbortController();
  const port = await serveTcp(t, () => stopping.abort(new Error('stopping')));

  await assert.rejects(probe(ssh, { ssh: `127.0.0.1:${port}` }, { signal: stopping.signal }), /stopping/);
});

/** What a server says to a check. */
async function recordingOf(ending: Ending, port: number): Promise<string> {
  const chunks: Buffer[] = [];
  const proxy = await serveTcp(ending, (client) => {
    const upstream = connect(port, '127.0.0.1').on('error', () => undefined);
    upstream.on('data', (chunk: Buffer) => chunks.push(chunk));
    client.pipe(upstream).pipe(client);
  });
  assert.equal((await probe(ssh, { ssh: `127.0.0.1:${proxy}` }))?.state, 'up');
  return Buffer.concat(chunks).toString('latin1');
}

async function saying(ending: Ending, words: string) {
  const port = await serveTcp(ending, (socket) => socket.end(words, 'latin1'));
  return { ssh: `127.0.0.1:${port}` };
}

/** RFC 4253 §6 */
function packet(payload: string): string {
  const padding = 16 - ((5 + payload.length) % 8);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(1 + payload.length + padding);
  head.writeUInt8(padding, 4);
  return head.toString('latin1') + payload + '\u0000'.repeat(padding);
}

function text(content: string): string {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return length.toString('latin1') + content;
}

function kexInit(exchange: string, key: string): string {
  const lists = [exchange, key, ...Array.from({ length: 8 }, () => 'none')].map(text);
  return packet(`\u0014${'\u0000'.repeat(16)}${lists.join('')}\u0000\u0000\u0000\u0000\u0000`);
}
