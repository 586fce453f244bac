import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { after, test } from 'node:test';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
} from '@aws-sdk/client-s3';
import { s3 } from '../../../src/monitoring/types/s3.ts';
import { eventually } from '../../support/eventually.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { selfSigned } from '../../support/servers/certificates.ts';
import { closedPort, pourWithoutEnd, serveHttp, serveHttps, serveTcp } from '../../support/servers/misbehaving.ts';
import { startRadosgw } from '../../support/servers/radosgw.ts';
import type { Ending } from '../../support/servers/server.ts';
import { PLANTED, tryType } from '../../support/type-trial.ts';

const store = await startRadosgw({ after });
const where = new URL(store.url).host;
const ACTIONS = {
  keeper: ['s3:PutObject', 's3:GetObject'],
  writer: ['s3:PutObject', 's3:DeleteObject'],
  reader: ['s3:GetObject'],
} as const;
await store.client.send(new CreateBucketCommand({ Bucket: 'uploads' }));
await store.client.send(new CreateBucketCommand({ Bucket: 'versioned' }));
const VersioningConfiguration = { Status: 'Enabled' } as const;
await store.client.send(new PutBucketVersioningCommand({ Bucket: 'versioned', VersioningConfiguration }));
await Promise.all(
  Object.keys(ACTIONS).map((name) => store.addUser(name, { accessKey: `${name}key`, secretKey: 'hush' })),
);
const rule = (Effect: 'Allow' | 'Deny', name: string, Action: readonly string[]) => ({
  Effect,
  Principal: { AWS: [`arn:aws:iam:::user/${name}`] },
  Action,
  Resource: ['arn:aws:s3:::uploads/.evenkeel/probe/*'],
});
const allowed = Object.entries(ACTIONS).map(([name, actions]) => rule('Allow', name, actions));
// Whoever writes an object owns it and may read it, unless told otherwise.
const Statement = [...allowed, rule('Deny', 'writer', ['s3:GetObject'])];
const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
await store.client.send(new PutBucketPolicyCommand({ Bucket: 'uploads', Policy }));

const keys = { access_key: store.accessKey, secret_key: store.secretKey };
const uploads = { s3: store.url, bucket: 'uploads', ...keys };
const as = (name: keyof typeof ACTIONS) => ({ ...uploads, access_key: `${name}key`, secret_key: 'hush' });

tryType(s3, {
  up: async () => uploads,
  down: async () => ({ ...uploads, s3: `http://127.0.0.1:${await closedPort()}` }),
  degraded: async () => as('keeper'),
  silent: async (t) => ({ ...planted(await serveTcp(t, () => undefined)) }),
  rejected: async () => ({ ...uploads, secret_key: PLANTED }),
  hostile: {
    'speaks no HTTP': async (t) => planted(await serveTcp(t, (socket) => socket.end('220 ready\r\n'))),
    'has a page for everything': (t) => answering(t, (_request, response) => response.end('<h1>Welcome</h1>')),
    'answers without end': (t) => answering(t, (_request, response) => pourWithoutEnd(response)),
    'puts the secret key into its refusal': (t) =>
      answering(t, (_request, response) => response.writeHead(418).end(`<Code>${PLANTED}</Code>`)),
    'colours its refusal': (t) =>
      answering(t, (_request, response) => response.writeHead(418).end('<Code>\u001b[31m</Code>')),
    'sends away': (t) => answering(t, (_request, response) => response.writeHead(301, { location: '/' }).end()),
  },
});

test('s3: what a check writes comes back and is gone afterwards, old versions too', async () => {
  for (const bucket of ['uploads', 'versioned']) {
    await forgotten('uploads');

    const result = await probe(s3, { ...uploads, bucket });

    assert.equal(result?.state, 'up', JSON.stringify(result));
    const { put = 0, get = 0 } = result.readings ?? {};
    assert.ok(put > 0 && get > 0 && (result.latencyMs ?? 0) > put + get);
    assert.deepEqual(await left(bucket), []);
  }
});

test('s3: the keys may stand in the address', async () => {
  const { accessKey, secretKey } = store;
  const address = store.url.replace('//', `//${accessKey}:${secretKey}@`);

  assert.equal((await probe(s3, { s3: address, bucket: 'uploads' }))?.state, 'up');
  assert.equal(
    reasonOf(await probe(s3, { s3: store.url, bucket: 'uploads' })),
    `Nobody may write to ${where} without keys; set \`access_key\` and \`secret_key\`.`,
  );
});

test('s3: what is wrong is told', async () => {
  const reason = async (settings: object) => reasonOf(await probe(s3, { ...uploads, ...settings }));

  assert.equal(await reason({ bucket: 'nowhere' }), `${where} has no bucket nowhere.`);
  assert.equal(await reason({ access_key: 'NOBODY' }), `${where} does not know the access key.`);
  assert.equal(await reason({ secret_key: 'hush-wrong' }), `${where} rejected the secret key.`);
});

test('s3: rights that are missing are named, and nothing is left behind', async () => {
  const missing = (doing: string, right: string) =>
    `${where} does not let this key ${doing} objects in the bucket uploads; allow ${right} on .evenkeel/probe/*.`;

  assert.equal(reasonOf(await probe(s3, as('reader'))), missing('write', 's3:PutObject'));
  assert.equal(reasonOf(await probe(s3, as('writer'))), missing('read', 's3:GetObject'));
  await eventually(async () => assert.deepEqual(await left('uploads'), []));

  const kept = await probe(s3, as('keeper'));
  assert.equal(kept?.state, 'degraded');
  assert.equal(
    reasonOf(kept),
    `${where}: It keeps what each check writes (status 403 on deleting); allow s3:DeleteObject on .evenkeel/probe/*.`,
  );
  assert.match((await left('uploads')).join(), /^\.evenkeel\/probe\/[\w-]{16}$/);
  await forgotten('uploads');
});

test('s3: a store that gives back something else is down, and is told to delete it', async (t) => {
  const asked: string[] = [];
  const settings = await answering(t, ({ method = '' }, response) => {
    asked.push(method);
    response.end('x'.repeat(32));
  });

  assert.match(reasonOf(await probe(s3, settings)), /gave back something else than was written\.$/);
  await eventually(() => assert.deepEqual(asked, ['PUT', 'GET', 'DELETE']));
});

test('s3: what is written while nobody waits any longer is deleted too', async (t) => {
  const asked: string[] = [];
  const settings = await answering(t, ({ method = '' }, response) => {
    asked.push(method);
    if (method !== 'PUT') response.end();
  });

  assert.match(reasonOf(await probe(s3, settings, { timeoutMs: 100 })), /did not answer within 100ms/);
  await eventually(() => assert.deepEqual(asked, ['PUT', 'DELETE']));
});

test('s3: the certificate counts, unless told otherwise', async (t) => {
  const port = await serveHttps(t, selfSigned(t), (_request, response) => {
    response.writeHead(404).end('<Error><Code>NoSuchBucket</Code></Error>');
  });
  const settings = { ...uploads, s3: `https://127.0.0.1:${port}` };

  assert.match(reasonOf(await probe(s3, { ...settings, verify_tls: false })), /has no bucket uploads/);
  assert.match(reasonOf(await probe(s3, settings)), /signed by nobody but itself/);
});

test('s3: a slow answer can be expected not to be, and a closed port to be closed', async () => {
  const slow = await probe(s3, { ...uploads, expect: { degraded: ['[RESPONSE_TIME] < 0ms'] } });
  const closed = await probe(s3, { ...planted(await closedPort()), expect: ['[CONNECTED] == false'] });

  assert.equal(slow?.state, 'degraded');
  assert.equal(closed?.state, 'up');
});

function planted(port: number) {
  return { s3: `http://127.0.0.1:${port}`, bucket: 'uploads', access_key: 'app', secret_key: PLANTED };
}

async function answering(ending: Ending, answer: RequestListener) {
  return planted(await serveHttp(ending, answer));
}

async function left(Bucket: string): Promise<readonly string[]> {
  const { Versions = [], DeleteMarkers = [] } = await store.client.send(new ListObjectVersionsCommand({ Bucket }));
  return [...Versions, ...DeleteMarkers].map(({ Key = '' }) => Key);
}

/** Of the bucket without versions. */
async function forgotten(Bucket: string): Promise<void> {
  for (const Key of await left(Bucket)) await store.client.send(new DeleteObjectCommand({ Bucket, Key }));
}

test('s3: a lone per cent sign in a key of the address means itself', async () => {
  const url = store.url.replace('//', `//${store.accessKey}:50%off@`);

  assert.equal(reasonOf(await probe(s3, { s3: url, bucket: 'uploads' })), `${where} rejected the secret key.`);
});
