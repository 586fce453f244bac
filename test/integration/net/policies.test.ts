import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNet } from '../../../src/platform/net/net.ts';
import { systemClock } from '../../../src/platform/system-clock.ts';
import { deadline, send, withCode } from '../../support/requests.ts';
import { serveHttp } from '../../support/servers/misbehaving.ts';

const PUBLIC_ADDRESS = '93.184.215.14';

const FORBIDDEN_HOSTS = [
  '127.0.0.1',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '127.1',
  '0.0.0.0',
  'localhost',
  '[::1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[64:ff9b::7f00:1]',
  '169.254.169.254',
  '[fd00:ec2::254]',
  '10.0.0.1',
  '100.64.0.1',
  '[fe80::1]',
  '224.0.0.1',
];

for (const host of FORBIDDEN_HOSTS) {
  test(`${host} cannot be reached under the policies api and public`, async () => {
    for (const policy of ['api', 'public'] as const) {
      await assert.rejects(send({ url: `https://${host}/?token=hush` }, policy), withCode('NET_ADDRESS_FORBIDDEN'));
    }
    const net = createNet({ policy: 'api', clock: systemClock });
    const bare = host.replaceAll(/[[\]]/g, '');
    const signal = AbortSignal.timeout(5_000);
    await assert.rejects(net.tcp.connect({ host: bare, port: 1 }, signal), withCode('NET_ADDRESS_FORBIDDEN'));
    await assert.rejects(net.resolve(bare, signal), withCode('NET_ADDRESS_FORBIDDEN'));
  });
}

test('a name keeps only its allowed addresses', async () => {
  const lookup = async () => ['127.0.0.1', PUBLIC_ADDRESS, '10.0.0.1'];
  const net = createNet({ policy: 'api', clock: systemClock, lookup });

  assert.deepEqual(await net.resolve('rebind.example', AbortSignal.timeout(1_000)), [PUBLIC_ADDRESS]);
});

test('the address that was checked is the one connected to: a name is looked up once', async (t) => {
  const port = await serveHttp(t, (_request, response) => response.end());
  const answers = [[PUBLIC_ADDRESS], ['127.0.0.1']];
  let lookups = 0;
  const lookup = async () => answers[lookups++] ?? [];

  const sending = send({ url: `http://rebind.example:${port}/`, signal: deadline(100) }, 'api', lookup);

  await assert.rejects(sending);
  assert.equal(lookups, 1);
});

test('the public policy speaks https only', async () => {
  const net = createNet({ policy: 'public', clock: systemClock });
  const signal = AbortSignal.timeout(1_000);

  await assert.rejects(send({ url: `http://${PUBLIC_ADDRESS}/` }, 'public'), withCode('NET_SCHEME_FORBIDDEN'));
  await assert.rejects(net.tcp.connect({ host: PUBLIC_ADDRESS, port: 25 }, signal), withCode('NET_SCHEME_FORBIDDEN'));
});
