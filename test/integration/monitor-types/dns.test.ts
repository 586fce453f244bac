import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { dns } from '../../../src/monitoring/types/dns.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { serveUdp, startDns } from '../../support/servers/dns.ts';
import { closedPort, serveTcp } from '../../support/servers/misbehaving.ts';
import { tryType } from '../../support/type-trial.ts';

const LONG = 'x'.repeat(200);
const server = await startDns({ after }, [
  '--local=/shop.test/',
  '--host-record=shop.test,192.0.2.9,2001:db8::1',
  '--host-record=shop.test,192.0.2.1',
  '--cname=www.shop.test,shop.test',
  '--mx-host=shop.test,mail.shop.test,10',
  '--txt-record=shop.test,v=spf1 -all',
  '--srv-host=_sip._tcp.shop.test,sip.shop.test,5060,1,2',
  '--caa-record=shop.test,0,issue,letsencrypt.org',
  '--ptr-record=9.2.0.192.in-addr.arpa,shop.test',
  // A name server and the start of a zone, as bytes: dnsmasq has no word for them.
  '--dns-rr=shop.test,2,036e73310473686f70047465737400',
  '--dns-rr=shop.test,6,026e730002686d000000000100000002000000030000000400000005',
  ...Array.from({ length: 12 }, (_, index) => `--txt-record=long.shop.test,${index}${LONG}`),
]);
const where = `127.0.0.1:${server.port}`;

tryType(dns, {
  up: async () => ({ dns: 'shop.test', server: where }),
  down: async () => ({ dns: 'gone.shop.test', server: where }),
  degraded: async () => ({ dns: 'shop.test', server: where, dnssec: true }),
  silent: async (t) => ({ dns: 'shop.test', server: `127.0.0.1:${await serveUdp(t, () => undefined)}` }),
  hostile: {
    'says that a record is longer than its answer': async (t) => ({
      dns: 'shop.test',
      server: `127.0.0.1:${await serveUdp(t, (message, reply) => {
        const answer = Buffer.concat([refusal(message, 0), Buffer.from('c00c00010001000000010fff', 'hex')]);
        answer.writeUInt16BE(1, 6);
        reply(answer);
      })}`,
    }),
  },
  rejected: 'There are no credentials in a question.',
});

test('dns: a name that is known is up', async () => {
  const result = await probe(dns, { dns: 'shop.test.', server: where });

  assert.equal(result?.state, 'up');
  assert.ok((result.latencyMs ?? 0) > 0);
});

const RECORDS: Readonly<Record<string, readonly [string, string]>> = {
  A: ['SHOP.test', '192.0.2.1, 192.0.2.9'],
  AAAA: ['shop.test', '2001:db8::1'],
  CNAME: ['www.shop.test', 'shop.test'],
  MX: ['shop.test', '10 mail.shop.test'],
  NS: ['shop.test', 'ns1.shop.test'],
  TXT: ['shop.test', 'v=spf1 -all'],
  SRV: ['_sip._tcp.shop.test', '1 2 5060 sip.shop.test'],
  CAA: ['shop.test', '0 issue "letsencrypt.org"'],
  PTR: ['9.2.0.192.in-addr.arpa', 'shop.test'],
  SOA: ['shop.test', 'ns hm 1 2 3 4 5'],
};

for (const [record, [name, answer]] of Object.entries(RECORDS)) {
  test(`dns: ${record} records are read as in a zone file`, async () => {
    const expect = [`[BODY] == ${JSON.stringify(answer)}`, '[DNS_RCODE] == NOERROR', '[RESPONSE_TIME] < 5s'];
    const result = await probe(dns, { dns: name, record, server: where, expect });

    assert.deepEqual(
      result?.conditions?.map(({ holds }) => holds),
      [true, true, true],
      JSON.stringify(result),
    );
  });
}

test('dns: an alias is followed to its addresses', async () => {
  const expect = ['[BODY] == "192.0.2.1, 192.0.2.9"'];

  assert.equal((await probe(dns, { dns: 'www.shop.test', server: where, expect }))?.state, 'up');
});

test('dns: what does not fit into a datagram is asked for again over TCP', async () => {
  const expect = [`[BODY] == pat("*11${LONG}*")`];

  const result = await probe(dns, { dns: 'long.shop.test', record: 'TXT', server: where, expect });

  assert.equal(result?.state, 'up', JSON.stringify(result));
});

test('dns: a name that does not exist is down, unless that is expected', async () => {
  const missing = { dns: 'gone.shop.test', server: where };

  assert.equal(reasonOf(await probe(dns, missing)), `${where} answered NXDOMAIN for gone.shop.test.`);
  assert.equal((await probe(dns, { ...missing, expect: ['[DNS_RCODE] == NXDOMAIN'] }))?.state, 'up');
  // Whoever says only what is slow has not said that it may be missing.
  const onlySlow = { degraded: ['[RESPONSE_TIME] < 10s'] };
  assert.equal((await probe(dns, { ...missing, expect: onlySlow }))?.state, 'down');
  assert.equal(
    reasonOf(await probe(dns, { dns: 'shop.test', record: 'SRV', server: where })),
    `${where} knows no SRV record of shop.test.`,
  );
});

test('dns: a server that refuses to answer is down', async () => {
  assert.equal(
    reasonOf(await probe(dns, { dns: 'elsewhere.test', server: where })),
    `${where} answered REFUSED for elsewhere.test.`,
  );
});

test('dns: a wrong address is down, and both are shown', async () => {
  const result = await probe(dns, { dns: 'shop.test', server: where, expect: ['[BODY] == "192.0.2.7"'] });

  assert.equal(reasonOf(result), '[BODY] was "192.0.2.1, 192.0.2.9", expected "192.0.2.7".');
});

test('dns: a closed port is down', async () => {
  const closed = `127.0.0.1:${await closedPort()}`;

  assert.equal(reasonOf(await probe(dns, { dns: 'shop.test', server: closed })), `${closed} refused the connection.`);
  const shut = { dns: 'shop.test', server: closed, expect: ['[CONNECTED] == false'] };
  assert.equal((await probe(dns, shut))?.state, 'up');
});

test('dns: a server that says nothing is asked again, and down at the deadline', async (t) => {
  let asked = 0;
  const silent = `127.0.0.1:${await serveUdp(t, () => (asked += 1))}`;

  const result = await probe(dns, { dns: 'shop.test', server: silent }, { timeoutMs: 1_300 });

  assert.equal(reasonOf(result), `${silent} did not answer within 1s300ms.`);
  assert.equal(asked, 2);
});

test('dns: one datagram that gets lost is no downtime', async (t) => {
  let asked = 0;
  const port = await serveUdp(t, (message, reply) => {
    asked += 1;
    if (asked === 2) reply(refusal(message));
  });

  const result = await probe(dns, { dns: 'shop.test', server: `127.0.0.1:${port}` });

  assert.match(reasonOf(result), /answered NXDOMAIN/);
});

test('dns: answers to other questions are passed over', async (t) => {
  const port = await serveUdp(t, (message, reply) => {
    const otherId = Buffer.from(refusal(message));
    otherId.writeUInt16BE(message.readUInt16BE(0) ^ 1, 0);
    reply(otherId);
    reply(Buffer.from(refusal(message).toString('latin1').replace('shop', 'shot'), 'latin1'));
    reply(Buffer.from('hush'));
    reply(message);
  });
  const hostile = `127.0.0.1:${port}`;

  const result = await probe(dns, { dns: 'shop.test', server: hostile }, { timeoutMs: 300 });

  assert.equal(reasonOf(result), `${hostile} did not answer within 300ms.`);
});

test('dns: an answer that refers to itself without end is down', async (t) => {
  const port = await serveUdp(t, (message, reply) => {
    const answer = Buffer.concat([refusal(message, 0), Buffer.from([0xc0, 27])]);
    answer.writeUInt16BE(1, 6);
    reply(answer);
  });

  const result = await probe(dns, { dns: 'shop.test', server: `127.0.0.1:${port}` });

  assert.equal(reasonOf(result), `127.0.0.1:${port} sent an answer that cannot be read.`);
});

for (const [name, speak] of Object.entries({
  'hangs up': '',
  'answers another question': '\u0000\u0004hush',
  'announces more than it sends': '\u00ff\u00ffhush',
})) {
  test(`dns: a server that cuts its answer and over TCP ${name} is down`, async (t) => {
    const port = await serveTcp(t, (socket) => socket.once('data', () => socket.end(speak, 'latin1')));
    const both = await serveUdpOn(t, port);
    const result = await probe(dns, { dns: 'shop.test', server: `127.0.0.1:${both}` });

    assert.equal(reasonOf(result), `127.0.0.1:${both} sent an answer that cannot be read.`);
  });
}

test('dns: without a server the machine’s own is asked', async () => {
  const result = await probe(dns, { dns: 'evenkeel-does-not-exist.invalid' }, { timeoutMs: 500 });

  assert.match(reasonOf(result), /answered|did not answer|refused|No way leads to|no name server/);
});

test('dns: a shutdown in the middle of a check is no downtime', async (t) => {
  const stopping = new AbortController();
  const port = await serveUdp(t, () => stopping.abort(new Error('stopping')));

  const checking = probe(dns, { dns: 'shop.test', server: `127.0.0.1:${port}` }, { signal: stopping.signal });

  await assert.rejects(checking, /stopping/);
});

/** The question sent back with a code, and nothing after it. */
function refusal(message: Buffer, rcode = 3): Buffer {
  const answer = Buffer.from(message.subarray(0, message.length - 11));
  answer.writeUInt16BE(0x8180 | rcode, 2);
  answer.writeUInt16BE(0, 10);
  return answer;
}

/** Says on the same port, over UDP, that the answer was too long. */
function serveUdpOn(t: Parameters<typeof serveUdp>[0], port: number): Promise<number> {
  return serveUdp(
    t,
    (message, reply) => {
      const answer = refusal(message, 0);
      answer.writeUInt16BE(0x8380, 2);
      reply(answer);
    },
    port,
  );
}
