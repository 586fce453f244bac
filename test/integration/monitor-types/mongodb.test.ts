import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MongoClient } from 'mongodb';
import { mongodb } from '../../../src/monitoring/types/mongodb.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { selfSigned } from '../../support/servers/certificates.ts';
import { closedPort, pourWithoutEnd, serveTcp } from '../../support/servers/misbehaving.ts';
import { type MongoOptions, mongoMessage, serveMongo } from '../../support/servers/mongodb.ts';
import type { Ending } from '../../support/servers/server.ts';
import { PLANTED, tryType } from '../../support/type-trial.ts';

const SECONDARY = { isWritablePrimary: false, secondary: true, setName: 'rs0', primary: 'db1.example:27017' };

tryType(mongodb, {
  up: async (t) => planted(await serveMongo(t, { password: PLANTED })),
  down: async () => planted(await closedPort()),
  degraded: async (t) => ({ ...planted(await serveMongo(t, { password: PLANTED })), ...slow }),
  silent: async (t) => planted(await serveTcp(t, () => undefined)),
  rejected: async (t) => planted(await serveMongo(t, { password: 'hush' })),
  hostile: {
    'speaks HTTP': (t) => answering(t, Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')),
    'hangs up': (t) => answering(t, Buffer.alloc(0)),
    'never ends': async (t) => planted(await serveTcp(t, pourWithoutEnd)),
    'announces two gigabytes': (t) => answering(t, header(0x7fff_ffff)),
    'announces less than nothing': (t) => answering(t, header(-5)),
    'sends a document without an end': (t) => answering(t, broken(Buffer.from('ff00000003610000'.repeat(20), 'hex'))),
    'sends documents in documents': (t) => answering(t, broken(deep(20_000))),
    'echoes the password': async (t) => {
      const answer = () => ({ ok: 0, code: 7777, errmsg: `no ${PLANTED}` });
      return planted(await serveMongo(t, { answer }));
    },
    'lets everybody in': async (t) => {
      const answer = ({ saslStart, saslContinue }: Record<string, unknown>) =>
        saslStart === 1 || saslContinue === 1
          ? { ok: 1, conversationId: 1, done: true, payload: Buffer.from('v=') }
          : undefined;
      return planted(await serveMongo(t, { answer }));
    },
  },
});

const slow = { expect: { degraded: ['[RESPONSE_TIME] < 0ms'] } };

for (const mechanism of ['SCRAM-SHA-1', 'SCRAM-SHA-256'] as const) {
  test(`mongodb: a login is the same as with MongoDB's own driver (${mechanism})`, async (t) => {
    const port = await serveMongo(t, { password: PLANTED, mechanisms: [mechanism] });
    const client = new MongoClient(`mongodb://app:${PLANTED}@127.0.0.1:${port}/shop`, {
      serverApi: '1',
      directConnection: true,
      authSource: 'shop',
      serverSelectionTimeoutMS: 2_000,
    });
    t.after(() => client.close());

    assert.deepEqual(await client.db('shop').command({ ping: 1 }), { ok: 1 });
    const result = await probe(mongodb, planted(port));
    assert.equal(result?.state, 'up');
    assert.deepEqual(result.readings, { db_pool: 0.25 });
    const asked = await probe(mongodb, { mongodb: `${planted(port).mongodb}?authMechanism=${mechanism}` });
    assert.equal(asked?.state, 'up');
    assert.equal(
      reasonOf(await probe(mongodb, { mongodb: `mongodb://app:hush@127.0.0.1:${port}/shop?authSource=users` })),
      `127.0.0.1:${port} rejected the password of user app, or knows no such user in users.`,
    );
  });
}

test('mongodb: a kind of login that is not known is told', async (t) => {
  const port = await serveMongo(t, { password: PLANTED, mechanisms: ['SCRAM-SHA-256'] });
  const reason = async (mechanism: string) =>
    reasonOf(await probe(mongodb, { mongodb: `${planted(port).mongodb}?authMechanism=${mechanism}` }));

  assert.match(await reason('PLAIN'), /is asked for a login of the kind "PLAIN", which is not known here\.$/);
  assert.match(await reason('SCRAM-SHA-1'), /knows no login of this kind for the user\.$/);
});

test('mongodb: without a login an open server is up, and readings that are kept back are missing', async (t) => {
  const open = await serveMongo(t, { isOld: true });
  const closed = await serveMongo(t, { password: 'hush' });
  const ask = (port: number) => probe(mongodb, { mongodb: `mongodb://127.0.0.1:${port}` });

  assert.deepEqual((await ask(open))?.readings, { db_pool: 0.25 });
  assert.equal((await ask(closed))?.state, 'up');
  assert.deepEqual((await ask(closed))?.readings, {});
});

const MEMBERS: Readonly<Record<string, readonly [MongoOptions['hello'], string, RegExp | 'up']>> = {
  'a primary': [{ setName: 'rs0', primary: 'x:1' }, 'rs0', 'up'],
  'a secondary': [SECONDARY, 'rs0', 'up'],
  'a router': [{ msg: 'isdbgrid' }, 'rs0', 'up'],
  'a member of another set': [{ setName: 'rs1' }, 'rs0', /belongs to the replica set "rs1", not to "rs0"\.$/],
  'a member of none': [{}, 'rs0', /belongs to no replica set, not to "rs0"\.$/],
  'a set without a primary': [
    { ...SECONDARY, primary: undefined },
    'rs0',
    /knows no primary of its replica set: nothing can be written\.$/,
  ],
  'a member that recovers': [{ isWritablePrimary: false, setName: 'rs0' }, 'rs0', /it starts, or recovers\.$/],
  'a member that was never made one': [{ isWritablePrimary: false, isreplicaset: true }, 'rs0', /\(rs\.initiate\)\.$/],
};

for (const [name, [hello = {}, set, expected]] of Object.entries(MEMBERS)) {
  test(`mongodb: ${name} is ${expected === 'up' ? 'up' : 'down'}`, async (t) => {
    const port = await serveMongo(t, { hello });

    const result = await probe(mongodb, { mongodb: `mongodb://127.0.0.1:${port}/?replicaSet=${set}` });

    if (expected === 'up') assert.equal(result?.state, 'up', JSON.stringify(result));
    else assert.match(reasonOf(result), expected);
  });
}

test('mongodb: what it says of itself can be judged', async (t) => {
  const settings = { mongodb: `mongodb://127.0.0.1:${await serveMongo(t, { hello: SECONDARY })}` };

  const right = await probe(mongodb, { ...settings, expect: ['[BODY].primary == db1.example:27017'] });
  const wrong = await probe(mongodb, { ...settings, expect: ['[BODY].isWritablePrimary == true'] });

  assert.equal(right?.state, 'up');
  assert.equal(reasonOf(wrong), '[BODY].isWritablePrimary was false, expected "true".');
});

test('mongodb: over TLS the certificate counts, unless told otherwise', async (t) => {
  const { certificate: cert, key } = selfSigned(t);
  const port = await serveMongo(t, { tls: { cert, key } });
  const settings = { mongodb: `mongodb://127.0.0.1:${port}/?tls=true` };

  assert.equal((await probe(mongodb, { ...settings, verify_tls: false }))?.state, 'up');
  assert.match(reasonOf(await probe(mongodb, settings)), /is signed by nobody but itself\.$/);
});

test('mongodb: whatever a server sends, it is down and nothing else happens', async (t) => {
  let answer: Buffer = Buffer.alloc(0);
  const port = await serveTcp(t, (socket) => socket.once('data', () => socket.end(answer)));
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), fc.boolean(), async (bytes, isFramed) => {
      answer = isFramed ? broken(Buffer.from(bytes)) : Buffer.from(bytes);

      assert.equal((await probe(mongodb, planted(port), { timeoutMs: 500 }))?.state, 'down');
    }),
    { numRuns: 100 },
  );
});

function planted(port: number) {
  return { mongodb: `mongodb://app:${PLANTED}@127.0.0.1:${port}/shop` };
}

async function answering(ending: Ending, answer: Buffer) {
  return planted(await serveTcp(ending, (socket) => socket.once('data', () => socket.end(answer))));
}

/** A frame as it should be, around a document that is none. */
function broken(content: Buffer): Buffer {
  const framed = Buffer.concat([mongoMessage(1, {}).subarray(0, 21), content]);
  framed.writeInt32LE(framed.length, 0);
  return framed;
}

function header(length: number): Buffer {
  const head = Buffer.from(mongoMessage(1, {}));
  head.writeInt32LE(length, 0);
  return head;
}

function deep(levels: number): Buffer {
  let document = Buffer.from('0500000000', 'hex');
  const layers: Buffer[] = [];
  let length = document.length;
  for (let level = 0; level < levels; level += 1) {
    length += 8;
    const open = Buffer.alloc(7);
    open.writeInt32LE(length, 0);
    open.writeUInt8(3, 4);
    open.write('a', 5);
    layers.unshift(open);
  }
  document = Buffer.concat([...layers, document, Buffer.alloc(levels)]);
  return document;
}
