import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { clickhouse } from '../../../src/monitoring/types/clickhouse.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { startClickhouse } from '../../support/servers/clickhouse.ts';
import { type Heard, type Reply, serveRoutes } from '../../support/servers/routes.ts';
import { PLANTED, tryType } from '../../support/type-trial.ts';
import { webScenes } from '../../support/web-trial.ts';

const server = await startClickhouse(
  { after },
  { app: { password: 'hush' }, reader: { password: 'hush', isReadOnly: true } },
);
const where = new URL(server.url).host;
const app = { clickhouse: server.url, user: 'app', password: 'hush' };
const PING = { 'GET /ping': { text: 'Ok.\n' } };

tryType(clickhouse, {
  ...webScenes('clickhouse'),
  up: async () => app,
  degraded: async (t) => ({
    clickhouse: (await serveRoutes(t, { ...PING, 'GET /': answering('{"value":"2"}\n') })).url,
  }),
  rejected: async () => ({ ...app, password: PLANTED }),
});

test('clickhouse: a query that is answered is up, also for who may only read [HLT-03/R]', async () => {
  for (const settings of [app, { ...app, user: 'reader' }, { clickhouse: server.url.replace('//', '//app:hush@') }]) {
    const result = await probe(clickhouse, { ...settings, query: 'select count() from system.tables' });

    assert.equal(result?.state, 'up', JSON.stringify(result));
    assert.deepEqual(result.readings, { readonly_replicas: 0 });
  }
});

test('clickhouse: a query that fails is down, although the server is there [HLT-03/R]', async () => {
  const reason = async (settings: object) => reasonOf(await probe(clickhouse, { ...app, ...settings }));

  assert.match(await reason({ query: 'selec 1' }), /answered with the error 62: "Syntax error: failed at position 1/);
  assert.match(
    await reason({ query: 'select * from gone' }),
    /answered with the error 60: "Table default\.gone doesn't/,
  );
  assert.equal(await reason({ database: 'gone' }), `${where} has no database gone.`);
});

test('clickhouse: a query that fails after its first rows is down too', async (t) => {
  const text = '{"number":"1"}\n{"number":"2"}\nCode: 241, e.displayText() = DB::Exception: Memory limit\n';
  const { url } = await serveRoutes(t, { ...PING, 'GET /': { text } });

  const reason = reasonOf(await probe(clickhouse, { clickhouse: url }));

  assert.match(reason, /has not enough memory left for the query\.$/);
});

test('clickhouse: a huge result is not read to its end', async () => {
  const reason = reasonOf(await probe(clickhouse, { ...app, query: 'select number from numbers(10000000)' }));

  assert.equal(reason, `${where} answered with more than 1 MB; choose a query with a small result.`);
});

test('clickhouse: a check can change nothing', async () => {
  for (const query of ['create table more (id Int8) engine = Memory', 'drop database default']) {
    const reason = reasonOf(await probe(clickhouse, { ...app, query }));
    assert.equal(reason, 'The query tries to change data; a check may only read.');
  }
});

test('clickhouse: the first row can be judged', async () => {
  const ask = async (query: string, condition: string) =>
    (await probe(clickhouse, { ...app, query, expect: [condition] }))?.state;

  assert.equal(await ask('select count() from numbers(3)', '[BODY] == 3'), 'up');
  assert.equal(await ask('select count() from numbers(3)', '[BODY] > 3'), 'down');
  assert.equal(await ask(`select 1 as id, 'one' as name`, '[BODY].name == one'), 'up');
  assert.equal(await ask('select number from numbers(3) where number > 9', 'has([BODY]) == false'), 'up');
  assert.equal(await ask('select number from numbers(3) format TabSeparated', '[BODY] == pat(0*2)'), 'up');
});

test('clickhouse: tables that cannot be written are degraded', async (t) => {
  const { url, heard } = await serveRoutes(t, { ...PING, 'GET /': answering('{"value":"1"}\n') });

  const result = await probe(clickhouse, { clickhouse: url });

  assert.match(reasonOf(result), /^One table of \S+ cannot be written: what keeps its copies together is not there\.$/);
  assert.deepEqual(result?.readings, { readonly_replicas: 1 });
  assert.ok(heard.every(({ method }) => method === 'GET'));
});

test('clickhouse: whoever may not see that gets no more than that', async (t) => {
  const refusal = { status: 500, text: `Code: 497, e.displayText() = DB::Exception: hush ${PLANTED}` };
  const { url } = await serveRoutes(t, { ...PING, 'GET /': answering('', refusal) });

  const result = await probe(clickhouse, { clickhouse: url });

  assert.equal(result?.state, 'up');
  assert.equal(result.readings, undefined);
});

test('clickhouse: an error that says back the password is not shown', async (t) => {
  const text = `Code: 999. DB::Exception: no ${PLANTED} \u001b[31m`;
  const { url } = await serveRoutes(t, { ...PING, 'GET /': { status: 500, text } });

  const reason = reasonOf(await probe(clickhouse, { clickhouse: url, user: 'app', password: PLANTED }));

  assert.match(reason, /answered with the error 999: \(hidden\)\.$/);
});

/** `select 1` is answered as always; what is asked of the tables gets this. */
function answering(text: string, reply: Reply = { text }): (heard: Heard) => Reply {
  return ({ url }) => (url.searchParams.get('query') === 'select 1' ? { text: '{"1":1}\n' } : reply);
}
