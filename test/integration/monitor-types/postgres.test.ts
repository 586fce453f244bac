import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { Client } from 'pg';
import { postgres } from '../../../src/monitoring/types/postgres.ts';
import { eventually } from '../../support/eventually.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { selfSigned } from '../../support/servers/certificates.ts';
import { closedPort, pourWithoutEnd, serveTcp } from '../../support/servers/misbehaving.ts';
import { startPostgres } from '../../support/servers/postgres.ts';
import type { Ending } from '../../support/servers/server.ts';
import { PLANTED, tryType } from '../../support/type-trial.ts';

const PASSWORD = 'p:a/s?s%';
const server = await startPostgres({ after }, { password: PASSWORD });
const where = `127.0.0.1:${server.port}`;
await asOwner(`create role app login password 'hush'`);
await asOwner('create table orders (id int)');

tryType(postgres, {
  up: async () => ({ postgres: server.url }),
  down: async () => ({ postgres: `postgres://app:hush@127.0.0.1:${await closedPort()}/shop` }),
  degraded: async () => ({ postgres: server.url, lag_max: '10s' }),
  silent: async (t) => ({ postgres: planted(await serveTcp(t, () => undefined)) }),
  rejected: async () => ({ postgres: planted(server.port) }),
  hostile: {
    'never ends': async (t) => ({ postgres: planted(await serveTcp(t, pourWithoutEnd)) }),
    'refuses with the password in it': async (t) => {
      const refusal = message('E', Buffer.from(`SFATAL\0CXX000\0Mno ${PLANTED}\0\0`));
      return { postgres: planted(await serveTcp(t, (socket) => socket.once('data', () => socket.end(refusal)))) };
    },
  },
});

test('postgres: a query that is answered is up [HLT-03/R]', async () => {
  const result = await probe(postgres, { postgres: server.url });

  assert.equal(result?.state, 'up');
  assert.ok((result?.latencyMs ?? 0) > 0);
});

test('postgres: how many connections are taken is measured, for any user', async () => {
  const used = async (url: string) => (await probe(postgres, { postgres: url }))?.readings?.['db_pool'] ?? Number.NaN;
  const app = `postgres://app:hush@${where}/postgres`;
  const others = Array.from({ length: 20 }, () => new Client({ connectionString: server.url }));

  const before = await used(app);
  await Promise.all(others.map((client) => client.connect()));
  const during = await used(app);
  await Promise.all(others.map((client) => client.end()));

  assert.ok(before > 0 && before < 0.1, `${before}`);
  // Of the hundred that PostgreSQL allows unless told otherwise.
  assert.ok(Math.abs(during - before - 0.2) < 0.03, `${before} ${during}`);
});

test('postgres: a reading that is kept back is missing, and nothing else', async () => {
  await asOwner('revoke select on pg_stat_database from public');
  try {
    const result = await probe(postgres, { postgres: `postgres://app:hush@${where}/postgres` });

    assert.equal(result?.state, 'up');
    assert.deepEqual(result.readings, {});
  } finally {
    await asOwner('grant select on pg_stat_database to public');
  }
});

test('postgres: the first row can be judged', async () => {
  const ask = async (query: string, condition: string) =>
    (await probe(postgres, { postgres: server.url, query, expect: [condition] }))?.state;

  assert.equal(await ask('select count(*) from orders', '[BODY] == 0'), 'up');
  assert.equal(await ask('select count(*) from orders', '[BODY] > 0'), 'down');
  assert.equal(await ask(`select 'one' as name, null as gone, true as is_on`, '[BODY].name == one'), 'up');
  assert.equal(await ask(`select 'one' as name, null as gone, true as is_on`, '[BODY].is_on == true'), 'up');
  assert.equal(await ask(`select 'one' as name, null as gone`, '[BODY].gone == null'), 'up');
  assert.equal(await ask(`select '{"deep": [7]}'::json`, '[BODY].deep[0] == 7'), 'up');
  assert.equal(await ask('select * from orders', 'has([BODY]) == false'), 'up');
  assert.equal(await ask('select 12345678901234567890 as id, 1', '[BODY].id == "12345678901234567890"'), 'up');
});

test('postgres: a server that does not say whether it is a replica is not called none', async (t) => {
  const port = await until(t, 'pg_is_in_recovery', () => undefined);
  const url = server.url.replace(`:${server.port}/`, `:${port}/`);

  const result = await probe(postgres, { postgres: url, lag_max: '1s' }, { timeoutMs: 500 });

  assert.equal(result?.state, 'degraded');
  const reason = `127.0.0.1:${port} did not say whether it is a replica, which \`lag_max\` has to know.`;
  assert.equal(reasonOf(result), reason);
  assert.ok(result.readings?.['db_pool'] !== undefined);
});

test('postgres: a shutdown while the replica is looked at is no degradation', async (t) => {
  const stopping = new AbortController();
  const port = await until(t, 'pg_is_in_recovery', () => stopping.abort(new Error('stopping')));
  const settings = { postgres: server.url.replace(`:${server.port}/`, `:${port}/`), lag_max: '1s' };

  await assert.rejects(probe(postgres, settings, { signal: stopping.signal }), /stopping/);
});

test('postgres: a replica that falls behind is degraded', async (t) => {
  const replica = await startPostgres(t, { replicaOf: server.url, password: PASSWORD });
  const ask = () => probe(postgres, { postgres: replica.url, lag_max: '1s' });
  const onReplica = async (sql: string) => {
    const client = new Client({ connectionString: replica.url });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  await eventually(async () => assert.equal((await ask())?.readings?.['lag'], 0));

  await asOwner('create table copied (id int)');
  await eventually(() => onReplica('select * from copied'));
  await onReplica('select pg_wal_replay_pause()');
  await asOwner('insert into copied values (1)');
  await eventually(async () => {
    const late = reasonOf(await ask());
    assert.match(late, new RegExp(`^127\\.0\\.0\\.1:${replica.port} is [1-9]\\S* behind, more than 1s\\.$`));
  });
  await onReplica('select pg_wal_replay_resume()');
  await eventually(async () => assert.equal((await ask())?.state, 'up'));
});

test('postgres: a slow answer can be expected not to be, and a closed port to be closed', async () => {
  const slow = await probe(postgres, { postgres: server.url, expect: { degraded: ['[RESPONSE_TIME] < 0ms'] } });
  const closed = await probe(postgres, {
    postgres: `postgres://app:hush@127.0.0.1:${await closedPort()}/shop`,
    expect: ['[CONNECTED] == false'],
  });
  const wrong = await probe(postgres, {
    postgres: `postgres://app:hushhush@${where}/postgres`,
    expect: ['[CONNECTED] == true'],
  });

  assert.equal(slow?.state, 'degraded');
  assert.match(reasonOf(slow), /^\[RESPONSE_TIME\] was \S+, expected < 0s\.$/);
  assert.equal(closed?.state, 'up');
  assert.equal(reasonOf(wrong), 'The password for user app was rejected.');
  assert.equal(wrong?.conditions?.[0]?.holds, true);
});

test('postgres: a query that fails is down, although the server is there [HLT-03/R]', async () => {
  const reason = async (query: string) => reasonOf(await probe(postgres, { postgres: server.url, query }));

  assert.equal(
    await reason('select * from customers'),
    `${where} answered with the error 42P01: relation "customers" does not exist.`,
  );
  assert.equal(await reason('selec 1'), `${where} answered with the error 42601: syntax error at or near "selec".`);
  assert.equal((await probe(postgres, { postgres: server.url, query: 'select * from orders' }))?.state, 'up');
});

test('postgres: a check can change nothing', async () => {
  const reason = async (query: string) => reasonOf(await probe(postgres, { postgres: server.url, query }));
  const readOnly = 'The query tries to change data; a check may only read.';

  assert.equal(await reason('insert into orders values (1)'), readOnly);
  assert.equal(await reason('drop table orders'), readOnly);
  assert.match(await reason('commit; drop table orders'), /cannot insert multiple commands/);
  assert.equal((await probe(postgres, { postgres: server.url, query: 'select count(*) from orders' }))?.state, 'up');
});

test('postgres: a query that takes too long ends on the server too', async () => {
  const settings = { postgres: server.url, query: 'select pg_sleep(60)' };

  const reason = reasonOf(await probe(postgres, settings, { timeoutMs: 300 }));

  assert.match(reason, new RegExp(`^(The query on )?${where} did not (end|answer) within 300ms\\.$`));
  const giveUpAt = Date.now() + 5_000;
  while (
    (await asOwner(
      `select 1 from pg_stat_activity where state = 'active' and query like '%sleep(60)%' and pid <> pg_backend_pid()`,
    )) > 0
  ) {
    assert.ok(Date.now() < giveUpAt, 'the query still runs');
  }
});

test('postgres: wrong credentials are told without showing them', async () => {
  const reason = async (credentials: string, database = 'postgres') =>
    reasonOf(await probe(postgres, { postgres: `postgres://${credentials}@${where}/${database}` }));

  assert.equal(await reason('app:hushhush'), 'The password for user app was rejected.');
  assert.equal(await reason('nobody:hush'), 'The password for user nobody was rejected.');
  assert.equal(await reason('app'), `${where} asks for a password, and none is set.`);
  assert.equal(await reason('app:hush', 'shop'), `There is no database shop on ${where}.`);
});

test('postgres: rights that are missing are named', async () => {
  const settings = { postgres: `postgresql+asyncpg://app:hush@${where}/postgres`, query: 'select * from orders' };

  const reason = reasonOf(await probe(postgres, settings));

  assert.equal(reason, 'User app may not do what the query does: permission denied for table orders.');
});

test('postgres: a server with no connection left is down', async (t) => {
  const full = await startPostgres(t, { settings: { max_connections: '4', superuser_reserved_connections: '3' } });
  const client = new Client({ connectionString: full.url });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('create role app login');
  const app = new Client({ connectionString: full.url.replace('postgres@', 'app@') });
  app.on('error', () => undefined);

  await client.end();
  await app.connect();
  const reason = reasonOf(await probe(postgres, { postgres: full.url.replace('postgres@', 'app@') }));
  await app.end();

  assert.equal(reason, `127.0.0.1:${full.port} has no connection left: too many clients.`);
});

test('postgres: a huge result is not read to its end', async () => {
  const query = `select repeat('x', 1000) from generate_series(1, 10000000)`;
  const before = process.memoryUsage().rss;

  const reason = reasonOf(await probe(postgres, { postgres: server.url, query }));

  assert.equal(reason, `${where} answered with more than 1 MB; choose a query with a small result.`);
  assert.ok(process.memoryUsage().rss - before < 100_000_000);
});

test('postgres: TLS is spoken when the address asks for it', async (t) => {
  const certificate = selfSigned(t);
  const secure = await startPostgres(t, { password: PASSWORD, tls: certificate.files });
  const ask = async (mode: string, url = secure.url) => probe(postgres, { postgres: `${url}?sslmode=${mode}` });

  assert.equal((await ask('require'))?.state, 'up');
  assert.equal(
    reasonOf(await ask('verify-full')),
    `The certificate of 127.0.0.1:${secure.port} is signed by nobody but itself.`,
  );
  assert.equal(
    reasonOf(await ask('require', server.url)),
    `${where} offers no TLS, but its address asks for it (sslmode).`,
  );
});

test('postgres: a closed port is down', async () => {
  const port = await closedPort();

  const reason = reasonOf(await probe(postgres, { postgres: `postgres://app:hush@127.0.0.1:${port}/shop` }));

  assert.equal(reason, `127.0.0.1:${port} refused the connection.`);
});

const ANSWERS: Readonly<Record<string, Buffer | string>> = {
  'speaks HTTP': 'HTTP/1.1 400 Bad Request\r\n\r\n',
  'hangs up': '',
  'announces columns and sends none': message('T', Buffer.from('7fff', 'hex')),
  'announces values and sends none': message('D', Buffer.from('7fff00000001', 'hex')),
  'asks for an unknown kind of login': message('R', Buffer.from('000000ff', 'hex')),
  'asks for a salted password without salt': message('R', Buffer.from('00000005', 'hex')),
  'starts SCRAM without a method': message('R', Buffer.from('0000000a00', 'hex')),
  'continues a login that never began': message('R', Buffer.from('0000000b', 'hex')),
  'sends an error without an end': message('E', Buffer.from('S')),
  'answers what was not asked': Buffer.concat([
    message('R', Buffer.alloc(4)),
    message('Z', Buffer.from('I')),
    message('C', Buffer.from('x\0')),
    message('D', Buffer.from('0000', 'hex')),
    message('Z', Buffer.from('I')),
    message('C', Buffer.from('x\0')),
    message('D', Buffer.from('0000', 'hex')),
  ]),
};

for (const [name, answer] of Object.entries(ANSWERS)) {
  test(`postgres: a server that ${name} is down, and no more than that`, async (t) => {
    const port = await serveTcp(t, (socket) => socket.once('data', () => socket.end(answer)));

    const settings = { postgres: `postgres://app:hush@127.0.0.1:${port}/shop` };
    const reason = reasonOf(await probe(postgres, settings, { timeoutMs: 1_000 }));

    assert.match(
      reason,
      /does not answer as PostgreSQL does|closed the connection|broke off|answered with the error|did not answer/,
    );
  });
}

test('postgres: whatever a server sends, it is down or up and nothing else happens', async (t) => {
  let answer = Buffer.alloc(0);
  const port = await serveTcp(t, (socket) => {
    socket.on('data', () => socket.write(answer));
    setTimeout(() => socket.end(), 15);
  });
  const letters = fc.constantFrom(...'RSKZTDCEN123tGHdcIAnsWv'.split(''));
  const bytes = fc.array(fc.oneof(fc.nat(255), fc.constant(0), fc.nat(12)), { maxLength: 40 });
  const frames = fc.array(fc.tuple(letters, bytes), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(frames, fc.boolean(), async (sent, letsIn) => {
      const login = letsIn ? [message('R', Buffer.alloc(4)), message('Z', Buffer.from('I'))] : [];
      answer = Buffer.concat([...login, ...sent.map(([kind, content]) => message(kind, Buffer.from(content)))]);

      const result = await probe(postgres, { postgres: `postgres://a:b@127.0.0.1:${port}/x` }, { timeoutMs: 500 });

      assert.ok(result?.state === 'up' || result?.state === 'down');
    }),
    { numRuns: 100 },
  );
});

test('postgres: a server that says nothing is down at the deadline', async (t) => {
  const port = await serveTcp(t, () => undefined);
  for (const mode of ['disable', 'require']) {
    const settings = { postgres: `postgres://app:hush@127.0.0.1:${port}/shop?sslmode=${mode}` };

    const reason = reasonOf(await probe(postgres, settings, { timeoutMs: 100 }));

    assert.equal(reason, `127.0.0.1:${port} did not answer within 100ms.`);
  }
});

/** A port that leads to the server until this is asked; from then on nothing is answered. */
function until(ending: Ending, asked: string, then: () => void): Promise<number> {
  return serveTcp(ending, (socket) => {
    const upstream = connect(server.port, '127.0.0.1');
    upstream.on('error', () => undefined);
    upstream.on('data', (bytes) => socket.write(bytes));
    socket.on('close', () => upstream.destroy());
    socket.on('data', (bytes) => {
      if (bytes.includes(asked)) then();
      else upstream.write(bytes);
    });
  });
}

function planted(port: number): string {
  return `postgres://app:${PLANTED}@127.0.0.1:${port}/postgres`;
}

function message(kind: string, content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(content.length + 4);
  return Buffer.concat([Buffer.from(kind), length, content]);
}

async function asOwner(sql: string): Promise<number> {
  const client = new Client({ connectionString: server.url });
  await client.connect();
  try {
    return (await client.query(sql)).rowCount ?? 0;
  } finally {
    await client.end();
  }
}
