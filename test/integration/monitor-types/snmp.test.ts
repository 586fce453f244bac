import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { after, test } from 'node:test';
import { snmp } from '../../../src/monitoring/types/snmp.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { serveUdp } from '../../support/servers/dns.ts';
import { closedPort } from '../../support/servers/misbehaving.ts';
import { startSnmpd } from '../../support/servers/snmpd.ts';
import { PLANTED, tryType } from '../../support/type-trial.ts';

const PASSWORD = 'right-password';
const PRIVACY = 'other-password';
const server = await startSnmpd({ after }, [
  'rocommunity open',
  'sysLocation Cellar',
  'rocommunity hush-hush',
  'sysContact ask for hush-hush',
  'createUser guest',
  `createUser ada SHA ${PASSWORD}`,
  `createUser eve SHA-256 ${PASSWORD} AES ${PRIVACY}`,
  `createUser joe SHA-512 ${PASSWORD}`,
  'rouser guest noauth',
  'rouser ada auth',
  'rouser eve priv',
  'rouser joe auth',
]);
const where = `127.0.0.1:${server.port}`;
const LOCATION = '1.3.6.1.2.1.1.6.0';
const UPTIME = '1.3.6.1.2.1.1.3.0';
const ada = { snmp: where, user: 'ada', password: PASSWORD };

tryType(snmp, {
  up: async () => ({ snmp: where, community: 'open', oid: LOCATION, expect: ['[BODY] == Cellar'] }),
  down: async () => ({ snmp: `127.0.0.1:${await closedPort()}` }),
  degraded: async () => ({ snmp: where, community: 'open', expect: { degraded: ['[BODY] > 9999999999'] } }),
  silent: async (t) => ({ snmp: `127.0.0.1:${await serveUdp(t, () => undefined)}` }),
  hostile: {
    'answers with the question, as an answer about another object': async (t) => ({
      snmp: `127.0.0.1:${await serveUdp(t, (message, reply) => reply(about(message, 0x04)))}`,
      community: PLANTED,
    }),
  },
  rejected: async () => ({ snmp: where, user: 'ada', password: PLANTED }),
});

test('snmp: a number is measured, and can be expected, in every version', async () => {
  for (const settings of [{ community: 'open' }, { community: 'open', version: '1' }, { user: 'guest' }]) {
    const result = await probe(snmp, { snmp: where, ...settings, expect: ['[BODY] > 0', '[RESPONSE_TIME] < 5s'] });

    assert.equal(result?.state, 'up', JSON.stringify(result));
    assert.ok((result?.readings?.['value'] ?? 0) > 0);
  }
});

test('snmp: a community that an agent says back is not shown', async () => {
  const asked = { snmp: where, community: 'hush-hush', expect: ['[BODY] == x'] };
  const contact = await probe(snmp, { ...asked, oid: '1.3.6.1.2.1.1.4.0' });

  assert.equal(reasonOf(contact), '[BODY] was (hidden), expected "x".');
  assert.equal(reasonOf(await probe(snmp, { ...asked, oid: LOCATION })), '[BODY] was "Cellar", expected "x".');
});

test('snmp: users prove themselves, and what is said is encrypted where that is wanted', async () => {
  const eve = { snmp: where, user: 'eve', hash: 'sha256', password: PASSWORD, privacy_password: PRIVACY };
  const joe = { ...ada, user: 'joe', hash: 'sha512' };

  for (const settings of [ada, eve, joe]) {
    const result = await probe(snmp, { ...settings, oid: LOCATION, expect: ['[BODY] == Cellar'] });

    assert.equal(result?.state, 'up', JSON.stringify(result));
  }
  const seen = await seenOnTheWay({ ...eve, oid: LOCATION });
  assert.ok(!seen.includes('Cellar'));
});

test('snmp: what is wrong with a user is told without showing a password', async () => {
  const reason = async (settings: object) =>
    reasonOf(await probe(snmp, { snmp: where, ...settings }, { timeoutMs: 400 }));

  assert.equal(await reason({ user: 'bob' }), `${where} knows no user bob.`);
  assert.equal(await reason({ ...ada, password: 'hush-hush-hush' }), `${where} rejected the password of ada.`);
  assert.equal(await reason({ ...ada, hash: 'sha256' }), `${where} rejected the password of ada.`);
  assert.equal(await reason({ user: 'ada' }), `${where} does not let us read ${UPTIME}.`);
  assert.equal(
    await reason({ ...ada, privacy_password: PRIVACY }),
    `${where} wants passwords or encryption of another kind from ada.`,
  );
});

test('snmp: a community that is not known is met with silence, which is said', async () => {
  assert.equal(
    reasonOf(await probe(snmp, { snmp: where, community: 'hush' }, { timeoutMs: 200 })),
    `${where} did not answer within 200ms: it may not know this community.`,
  );
  const eve = { snmp: where, user: 'eve', hash: 'sha256', password: PASSWORD, privacy_password: 'hush-hush' };
  assert.equal(
    reasonOf(await probe(snmp, eve, { timeoutMs: 200 })),
    `${where} did not answer within 200ms: the privacy password may be another one.`,
  );
});

test('snmp: an object that is not there is down, in every version', async () => {
  const oid = '1.3.6.1.2.1.1.99.0';

  for (const settings of [{ community: 'open' }, { community: 'open', version: '1' }, ada]) {
    assert.equal(
      reasonOf(await probe(snmp, { snmp: where, ...settings, oid })),
      `${where} has no object ${oid}, or does not show it to us.`,
    );
  }
});

test('snmp: an answer that somebody changed on its way is no answer', async (t) => {
  const port = await between(t, (datagram) =>
    Buffer.from(datagram.toString('latin1').replace('Cellar', 'Castle'), 'latin1'),
  );
  const settings = { ...ada, snmp: `127.0.0.1:${port}`, oid: LOCATION };

  assert.equal(reasonOf(await probe(snmp, settings)), `127.0.0.1:${port} cannot prove that its answer is its own.`);
});

test('snmp: settings that contradict each other are not accepted', () => {
  for (const settings of [
    { version: '3' },
    { version: '2c', user: 'ada' },
    { user: 'ada', community: 'open' },
    { password: PASSWORD },
    { user: 'ada', privacy_password: PRIVACY },
    { user: 'ada', password: 'short' },
    { oid: 'sysUpTime.0' },
  ]) {
    assert.equal(snmp.settings.safeParse({ snmp: where, ...settings }).success, false, JSON.stringify(settings));
  }
});

test('snmp: a shutdown in the middle of a check is no downtime', async (t) => {
  const stopping = new AbortController();
  const port = await serveUdp(t, () => stopping.abort(new Error('stopping')));

  await assert.rejects(probe(snmp, { snmp: `127.0.0.1:${port}` }, { signal: stopping.signal }), /stopping/);
});

/** The question as an answer of version 2c, with another last number of the object. */
function about(question: Buffer, last: number): Buffer {
  const answer = Buffer.from(question);
  const pdu = answer.indexOf(Buffer.from('a0', 'hex'));
  answer.writeUInt8(0xa2, pdu);
  answer.writeUInt8(last, answer.length - 3);
  return answer;
}

async function seenOnTheWay(settings: object): Promise<string> {
  let seen = '';
  const endings: (() => Promise<void>)[] = [];
  const port = await between({ after: (end) => void endings.push(end) }, (datagram) => {
    seen += datagram.toString('latin1');
    return datagram;
  });
  assert.equal((await probe(snmp, { ...settings, snmp: `127.0.0.1:${port}` }))?.state, 'up');
  await Promise.all(endings.map((end) => end()));
  return seen;
}

/** A port that leads to the agent, and does something with what comes back. */
function between(ending: Parameters<typeof serveUdp>[0], change: (datagram: Buffer) => Buffer): Promise<number> {
  return serveUdp(ending, (question, reply) => {
    const upstream = createSocket('udp4');
    upstream.once('message', (answer) => {
      reply(change(answer));
      upstream.close();
    });
    upstream.send(question, server.port, '127.0.0.1');
  });
}
