import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createConnection } from 'mysql2/promise';
import { mysql } from '../../../src/monitoring/types/mysql.ts';
import { eventually } from '../../support/eventually.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { selfSigned } from '../../support/servers/certificates.ts';
import { startMariadb } from '../../support/servers/mariadb.ts';
import { closedPort, pourWithoutEnd, serveTcp } from '../../support/servers/misbehaving.ts';
import { serveSha2 } from '../../support/servers/mysql-sha2.ts';
import { PLANTED, tryType } from '../../support/type-trial.ts';

const certificate = selfSigned({ after });
const server = await startMariadb(
  { after },
  { tls: certificate.files, configuration: ['server-id = 1', 'log-bin', 'log-basename = one', 'max_connections = 50'] },
);
const where = `127.0.0.1:${server.port}`;
await server.run(
  `create user app@'127.0.0.1' identified by 'hush'`,
  `grant select on shop.* to app@'127.0.0.1'`,
  'create table orders (id int, name text)',
  `insert into orders values (1, 'one'), (2, null)`,
  `create user few@'127.0.0.1' identified by 'hush' with max_user_connections 1`,
);
const app = `mysql://app:hush@${where}/shop`;

tryType(mysql, {
  up: async () => ({ mysql: server.url }),
  down: async () => ({ mysql: `mysql://app:hush@127.0.0.1:${await closedPort()}/shop` }),
  degraded: async () => ({ mysql: server.url, lag_max: '10s' }),
  silent: async (t) => ({ mysql: `mysql://app:hush@127.0.0.1:${await serveTcp(t, () => undefined)}/shop` }),
  rejected: async () => ({ mysql: `mysql://app:${PLANTED}@${where}/shop` }),
  hostile: {
    'speaks HTTP': async (t) => answering(t, 'HTTP/1.1 400 Bad Request\r\n\r\n'),
    'hangs up': async (t) => answering(t, ''),
    'greets and hangs up in the middle': async (t) => answering(t, Buffer.from('4a0000000a352e35', 'hex')),
    'sends a greeting of nothing': async (t) => answering(t, Buffer.from('0100000000', 'hex')),
    'refuses in colours': async (t) =>
      answering(t, packet(0, Buffer.from('\u00ff\u0001\u0001#HY000\u001b[31mno', 'latin1'))),
    'echoes the password': async (t) =>
      answering(t, packet(0, Buffer.from(`\u00ff\u0001\u0001#HY000${PLANTED}`, 'latin1'))),
    'never ends': async (t) => ({
      mysql: `mysql://app:${PLANTED}@127.0.0.1:${await serveTcp(t, pourWithoutEnd)}/shop`,
    }),
    'sends one greeting after the other': async (t) => {
      const port = await serveTcp(t, (socket) => {
        for (let count = 0; count < 2000; count += 1) socket.write(packet(count % 256, Buffer.alloc(2000, 1)));
      });
      return { mysql: `mysql://app:${PLANTED}@127.0.0.1:${port}/shop` };
    },
  },
});

test('mysql: a query that is answered is up [HLT-03/R]', async () => {
  for (const url of [server.url, app, app.replace('mysql:', 'mariadb:'), app.replace('mysql:', 'mysql+pymysql:')]) {
    const result = await probe(mysql, { mysql: url, query: 'select count(*) from orders' });

    assert.equal(result?.state, 'up', JSON.stringify(result));
    assert.ok((result.latencyMs ?? 0) > 0);
  }
});

test('mysql: a query that fails is down, although the server is there [HLT-03/R]', async () => {
  const reason = async (query: string) => reasonOf(await probe(mysql, { mysql: app, query }));

  assert.match(
    await reason('select * from customers'),
    /answered with the error 1146: "Table 'shop\.customers' doesn't exist"\.$/,
  );
  assert.match(await reason('selec 1'), /answered with the error 1064: "You have an error in your SQL syntax/);
  assert.match(await reason('select 1; select 2'), /answered with the error 1064/);
});

test('mysql: the first row can be judged', async () => {
  const ask = async (query: string, condition: string) =>
    (await probe(mysql, { mysql: app, query, expect: [condition] }))?.state;

  assert.equal(await ask('select count(*) from orders', '[BODY] == 2'), 'up');
  assert.equal(await ask('select count(*) from orders', '[BODY] > 2'), 'down');
  assert.equal(await ask('select * from orders order by id', '[BODY].name == one'), 'up');
  assert.equal(await ask('select * from orders order by id desc', '[BODY].name == null'), 'up');
  assert.equal(await ask('select * from orders where id = 9', 'has([BODY]) == false'), 'up');
  assert.equal(await ask(`select 12345678901234567890 as id, 1`, '[BODY].id == "12345678901234567890"'), 'up');
});

test('mysql: a check can change nothing', async () => {
  const reason = async (query: string) => reasonOf(await probe(mysql, { mysql: server.url, query }));
  const readOnly = `${where} was asked to change data; a check may only read.`;

  for (const query of ['insert into orders values (3, null)', 'drop table orders', 'create table more (id int)']) {
    assert.equal(await reason(query), readOnly);
  }
  assert.match(await reason(`load data local infile '/etc/hostname' into table orders`), /\.$/);
});

test('mysql: a query that takes too long ends on the server too', async () => {
  const query = 'select sleep(60)';

  const reason = reasonOf(await probe(mysql, { mysql: server.url, query }, { timeoutMs: 300 }));

  assert.match(reason, new RegExp(`^${where} did not (end the query in time|answer within 300ms)\\.$`));
  await eventually(async () => {
    const left = await probe(mysql, {
      mysql: server.url,
      query: `select count(*) from information_schema.processlist where info = '${query}'`,
      expect: ['[BODY] == 0'],
    });
    assert.equal(left?.state, 'up');
  });
});

test('mysql: how many connections are taken is measured, for any user', async () => {
  const used = async () => (await probe(mysql, { mysql: app }))?.readings?.['db_pool'] ?? Number.NaN;

  const before = await used();
  const others = await Promise.all(Array.from({ length: 20 }, () => createConnection({ uri: server.url })));
  const during = await used();
  await Promise.all(others.map((other) => other.end()));

  assert.ok(before > 0 && before < 0.2, `${before}`);
  assert.ok(Math.abs(during - before - 0.4) < 0.08, `${before} ${during}`);
});

test('mysql: wrong credentials and missing rights are told without showing them', async () => {
  const reason = async (credentials: string, database = 'shop') =>
    reasonOf(await probe(mysql, { mysql: `mysql://${credentials}@${where}/${database}` }));

  assert.equal(
    await reason('app:hushhush'),
    `${where} rejected the password of user app, or lets it in from elsewhere only.`,
  );
  assert.equal(await reason('app'), `${where} asks for a password of user app, and none is set.`);
  assert.equal(await reason('app:hush', 'mysql'), `${where} does not let user app into the database mysql.`);
  assert.equal(await reason('owner:p%3Aa%2Fs%3Fs%25', 'shoop'), `${where} has no database shoop.`);
});

test('mysql: a user, and a server, with no connection left is down', async () => {
  const few = `mysql://few:hush@${where}/`;
  const one = await createConnection({ uri: few });
  assert.equal(
    reasonOf(await probe(mysql, { mysql: few })),
    `${where} lets user few do no more for now: a limit of that user is reached.`,
  );
  await one.end();

  await server.run('set global max_connections = 10');
  const others = await Promise.all(Array.from({ length: 10 }, () => createConnection({ uri: app })));
  assert.equal(reasonOf(await probe(mysql, { mysql: app })), `${where} has no connection left: too many connections.`);
  await Promise.all(others.map((other) => other.end()));
  await eventually(async () => assert.equal((await probe(mysql, { mysql: app }))?.state, 'up'));
  await server.run('set global max_connections = 50');
});

test('mysql: over TLS the certificate counts, unless told otherwise', async () => {
  const secure = server.url.replace('mysql:', 'mysqls:');
  const query = `show status like 'Ssl_version'`;
  const expect = ['[BODY].Value == pat(TLSv1*)'];

  assert.equal((await probe(mysql, { mysql: secure, verify_tls: false, query, expect }))?.state, 'up');
  assert.equal(
    reasonOf(await probe(mysql, { mysql: secure })),
    `The certificate of ${where} is signed by nobody but itself.`,
  );
});

test('mysql: a server that offers no TLS is down where TLS is asked for', async (t) => {
  const plain = await startMariadb(t);

  const reason = reasonOf(await probe(mysql, { mysql: plain.url.replace('mysql:', 'mysqls:') }));

  assert.equal(reason, `127.0.0.1:${plain.port} offers no TLS, but its address asks for it.`);
});

test('mysql: a replica that falls behind is degraded, and so is one that stands still', async (t) => {
  const replica = await startMariadb(t, { configuration: ['server-id = 2'] });
  const place = `127.0.0.1:${replica.port}`;
  const ask = () => probe(mysql, { mysql: replica.url, lag_max: '30s' });
  await server.run(
    `create user copier@'127.0.0.1' identified by 'hush'`,
    `grant replication slave on *.* to copier@'127.0.0.1'`,
  );
  await replica.run(
    `change master to master_host = '127.0.0.1', master_port = ${server.port}, master_user = 'copier', ` +
      `master_password = 'hush', master_use_gtid = slave_pos, master_connect_retry = 1`,
  );
  assert.equal(reasonOf(await ask()), `The replication of ${place} does not run.`);
  await server.run('create table shop.copied (id int)');
  const [position = ''] = await texts(server.url, 'select @@gtid_binlog_pos');
  await replica.run(`set global gtid_slave_pos = '${position}'`, 'create table shop.copied (id int)', 'start slave');
  await eventually(async () => assert.equal((await ask())?.state, 'up'));
  assert.equal((await ask())?.readings?.['lag'], 0);

  await replica.run('stop slave', 'change master to master_delay = 3600', 'start slave');
  await server.run('set timestamp = unix_timestamp() - 100', 'insert into shop.copied values (1)');
  // It takes a moment until the replica says anything after it was stopped.
  await eventually(async () => {
    const late = await ask();
    assert.match(reasonOf(late), new RegExp(`^${place} is 1m\\d\\ds behind, more than 30s\\.$`));
    assert.equal(late?.state, 'degraded');
    assert.ok((late.readings?.['lag'] ?? 0) >= 100_000);
  });
});

test('mysql: whoever may not see the replication is told what to grant', async () => {
  const result = await probe(mysql, { mysql: app, lag_max: '30s' });

  assert.equal(result?.state, 'degraded');
  assert.match(reasonOf(result), /^User app may not see how far \S+ is behind: grant REPLICATION CLIENT/);
});

for (const isRemembered of [true, false]) {
  for (const isSwitched of [true, false]) {
    const how = `${isRemembered ? 'remembered' : 'not remembered'}, ${isSwitched ? 'second' : 'first'} method`;
    test(`mysql: the login of MySQL 8 works as with the client of others (${how})`, async (t) => {
      const port = await serveSha2(t, { password: PLANTED, isRemembered, isSwitched });
      const url = `mysql://app:${PLANTED}@127.0.0.1:${port}/shop`;

      await (await createConnection({ uri: url })).end();
      assert.equal((await probe(mysql, { mysql: url }))?.state, 'up');
      assert.equal(
        reasonOf(await probe(mysql, { mysql: url.replace(PLANTED, 'hush') })),
        `127.0.0.1:${port} rejected the password of user app, or lets it in from elsewhere only.`,
      );
    });
  }
}

test('mysql: the password of MySQL 8 goes as it is where it is encrypted', async (t) => {
  const { certificate: cert, key } = selfSigned(t);
  const port = await serveSha2(t, { password: PLANTED, isRemembered: false, tls: { cert, key } });
  const uri = `mysql://app:${PLANTED}@127.0.0.1:${port}/shop`;

  await (await createConnection({ uri, ssl: { rejectUnauthorized: false } })).end();
  const settings = { mysql: uri.replace('mysql:', 'mysqls:'), verify_tls: false };
  assert.equal((await probe(mysql, settings))?.state, 'up');
  const wrong = { ...settings, mysql: settings.mysql.replace(PLANTED, 'hush') };
  assert.match(reasonOf(await probe(mysql, wrong)), /rejected the password of user app/);
});

test('mysql: a huge result is not read to its end', async () => {
  const query = `select repeat('x', 1000) from seq_1_to_100000`;

  const reason = reasonOf(await probe(mysql, { mysql: app, query }));

  assert.equal(reason, `${where} answered with more than 1 MB; choose a query with a small result.`);
});

async function answering(t: Parameters<typeof serveTcp>[0], answer: string | Buffer) {
  const port = await serveTcp(t, (socket) => socket.end(answer));
  return { mysql: `mysql://app:${PLANTED}@127.0.0.1:${port}/shop` };
}

function packet(sequence: number, content: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUIntLE(content.length, 0, 3);
  header.writeUInt8(sequence, 3);
  return Buffer.concat([header, content]);
}

async function texts(uri: string, sql: string): Promise<readonly string[]> {
  const connection = await createConnection({ uri, rowsAsArray: true });
  try {
    const [rows] = await connection.query(sql);
    return [rows].flat(2).map(String);
  } finally {
    await connection.end();
  }
}
