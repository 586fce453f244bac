import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ethereum } from '../../../src/monitoring/types/ethereum.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { serveRpc } from '../../support/servers/json-rpc.ts';
import { PLANTED, tryType } from '../../support/type-trial.ts';
import { webScenes } from '../../support/web-trial.ts';

const hex = (value: number) => `0x${value.toString(16)}`;
/** A node that has everything, with a latest block of this age. */
const node = (ageS = 5) => ({
  eth_chainId: hex(1),
  eth_syncing: false,
  eth_getBlockByNumber: {
    number: hex(19_000_000),
    timestamp: hex(Math.floor(Date.now() / 1_000) - ageS),
    hash: '0x0',
    transactions: [],
  },
  net_peerCount: hex(25),
});

tryType(ethereum, {
  ...webScenes('ethereum'),
  up: async (t) => ({ ethereum: (await serveRpc(t, node())).url }),
  degraded: async (t) => {
    const { url } = await serveRpc(t, node(600), { path: `/v3/${PLANTED}` });
    return { ethereum: `${url}/v3/${PLANTED}` };
  },
});

test('ethereum: a node in step with its chain is up, and tells its block and its peers [HLT-11/R]', async (t) => {
  const { url } = await serveRpc(t, node());

  const result = await probe(ethereum, { ethereum: url, chain: 1, peers_min: 25 });

  assert.equal(result?.state, 'up', JSON.stringify(result));
  const { block, block_age: age = 0, peers } = result.readings ?? {};
  assert.deepEqual([block, peers], [19_000_000, 25]);
  assert.ok(age >= 4_000 && age < 10_000, `${age}`);
});

test('ethereum: another chain is down, and lagging behind is degraded', async (t) => {
  const look = async (changes: object, settings: object = {}) =>
    probe(ethereum, { ethereum: (await serveRpc(t, { ...node(), ...changes })).url, ...settings });

  const testnet = await look({ eth_chainId: hex(11_155_111) }, { chain: 1 });
  assert.equal(testnet?.state, 'down');
  assert.match(reasonOf(testnet), /serves chain 11155111, expected chain 1\.$/);
  const syncing = await look({ eth_syncing: { startingBlock: '0x0', currentBlock: hex(70), highestBlock: hex(900) } });
  assert.equal(syncing?.state, 'degraded');
  assert.match(reasonOf(syncing), /: It is still syncing: block 70 of 900\.$/);
  assert.match(reasonOf(await look({ eth_syncing: { stages: [] } })), /It is still syncing\.$/);
  assert.match(reasonOf(await look(node(300))), /Its latest block is 5m(?:1s)? old, expected at most 2m\.$/);
  assert.equal((await look(node(300), { block_age_max: '10m' }))?.state, 'up');
  assert.match(reasonOf(await look({ eth_getBlockByNumber: null })), /It has no block yet\.$/);
  assert.match(reasonOf(await look({ net_peerCount: '0x2' }, { peers_min: 5 })), /It has 2 of at least 5 peers\.$/);
});

test('ethereum: providers have no peers to tell of, and their key is never shown', async (t) => {
  const { net_peerCount: _untold, ...rest } = node();
  const { url } = await serveRpc(t, rest, { path: '/v3/hush-key', errorStatus: 400 });
  const settings = { ethereum: `${url}/v3/hush-key` };

  assert.equal((await probe(ethereum, settings))?.state, 'up');
  assert.equal(ethereum.target(ethereum.settings.parse(settings)), new URL(url).host);
  assert.match(
    reasonOf(await probe(ethereum, { ...settings, peers_min: 1 })),
    /It does not tell how many peers it has\.$/,
  );
  const broken = await serveRpc(
    t,
    { eth_chainId: () => ({ code: -32_000, message: 'quota of hush-key used up' }) },
    { path: '/v3/hush-key' },
  );
  assert.match(
    reasonOf(await probe(ethereum, { ethereum: `${broken.url}/v3/hush-key` })),
    /could not answer eth_chainId: \(hidden\)\.$/,
  );
});
