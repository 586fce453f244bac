import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bitcoin } from '../../../src/monitoring/types/bitcoin.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { serveRpc } from '../../support/servers/json-rpc.ts';
import { tryType } from '../../support/type-trial.ts';
import { webScenes } from '../../support/web-trial.ts';

const now = () => Math.floor(Date.now() / 1_000);
const CHAIN = { chain: 'main', blocks: 870_000, headers: 870_000, initialblockdownload: false, warnings: [] };
const node = (chain: object = {}, network: object = {}) => ({
  getblockchaininfo: { ...CHAIN, time: now() - 300, mediantime: now() - 3_600, verificationprogress: 1, ...chain },
  getnetworkinfo: { version: 280_000, connections: 11, networkactive: true, warnings: [], ...network },
});

tryType(bitcoin, {
  ...webScenes('bitcoin'),
  up: async (t) => ({ bitcoin: (await serveRpc(t, node())).url }),
  degraded: async (t) => ({ bitcoin: (await serveRpc(t, node({ headers: 870_010 }))).url }),
});

test('bitcoin: a node in step with its chain is up, and tells its block and its peers [HLT-11/R]', async (t) => {
  const authorization = `Basic ${Buffer.from('monitor:hush').toString('base64')}`;
  const { url } = await serveRpc(t, node(), { authorization });

  const result = await probe(bitcoin, { bitcoin: url.replace('//', '//monitor:hush@'), chain: 'main' });

  assert.equal(result?.state, 'up', JSON.stringify(result));
  const { block_age: age = 0, ...readings } = result.readings ?? {};
  assert.deepEqual(readings, { block: 870_000, blocks_behind: 0, peers: 11 });
  assert.ok(age >= 299_000 && age < 310_000, `${age}`);
  assert.match(
    reasonOf(await probe(bitcoin, { bitcoin: url, user: 'monitor', password: 'hushhush' })),
    /rejected the credentials/,
  );
});

test('bitcoin: another chain is down, and lagging behind is degraded', async (t) => {
  const look = async (chain: object, network: object = {}, settings: object = {}) =>
    probe(bitcoin, { bitcoin: (await serveRpc(t, node(chain, network))).url, ...settings });

  const other = await look({ chain: 'regtest' }, {}, { chain: 'main' });
  assert.equal(other?.state, 'down');
  assert.match(reasonOf(other), /serves the chain "regtest", expected main\.$/);
  assert.match(
    reasonOf(await look({ initialblockdownload: true, blocks: 7 })),
    /: It is still fetching the chain: block 7 of 870000\.$/,
  );
  assert.match(reasonOf(await look({ headers: 870_003 })), /: It is 3 blocks behind\.$/);
  assert.match(reasonOf(await look({ time: now() - 3 * 3_600 })), /Its latest block is 3h old, expected at most 2h\.$/);
  assert.match(reasonOf(await look({}, { connections: 0 })), /It has 0 of at least 1 peers\.$/);
  assert.match(reasonOf(await look({}, { networkactive: false })), /Its network is switched off\.$/);
  assert.match(reasonOf(await look({ warnings: ['Disk space is low'] })), /It warns: "Disk space is low"\.$/);
});

test('bitcoin: older versions warn in one text, and tell only the median time of blocks', async (t) => {
  const { url } = await serveRpc(t, node({ time: undefined, warnings: '' }, {}));
  const warning = await serveRpc(t, node({ time: undefined, warnings: 'Unknown new rules activated' }, {}));

  assert.equal((await probe(bitcoin, { bitcoin: url }))?.state, 'up');
  assert.match(reasonOf(await probe(bitcoin, { bitcoin: warning.url })), /It warns: "Unknown new rules activated"\.$/);
});

test('bitcoin: one that is still starting, or refuses, is down', async (t) => {
  const look = async (code: number, message: string) =>
    probe(bitcoin, {
      bitcoin: (await serveRpc(t, { getblockchaininfo: () => ({ code, message }) }, { errorStatus: 500 })).url,
    });

  assert.match(reasonOf(await look(-28, 'Loading block index…')), /is still starting: "Loading block index…"\.$/);
  assert.match(
    reasonOf(await look(-32_601, 'Method not found')),
    /could not answer getblockchaininfo: "Method not found"\.$/,
  );
});
