import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeIo } from '../../../test/support/probe-io.ts';
import type { HttpRequest } from '../../kernel/net.ts';
import { Complaint } from './conversation.ts';
import { tryBucket } from './s3-probe.ts';

test('a bucket is named in the path, or in front of the host', async () => {
  const named = async (isInPath: boolean) => {
    const [first] = await requestsOf(isInPath, '<Error><Code>NoSuchBucket</Code></Error>');
    return first?.url.replace(/[^/]+$/, '');
  };

  assert.equal(await named(true), 'https://s3.example:9000/sub/shop.uploads/.evenkeel/probe/');
  assert.equal(await named(false), 'https://shop.uploads.s3.example:9000/sub/.evenkeel/probe/');
});

test('the secret key never leaves, and what is written is different each time', async () => {
  const requests = [...(await requestsOf(true, '')), ...(await requestsOf(true, ''))];
  const [one, other] = requests;

  assert.ok(!JSON.stringify(requests).includes('hush'));
  assert.notDeepEqual(one?.body, other?.body);
  assert.notEqual(one?.url, other?.url);
  assert.equal(one?.body?.length, 32);
});

async function requestsOf(isInPath: boolean, answer: string): Promise<readonly HttpRequest[]> {
  const sent: HttpRequest[] = [];
  const { net, ...io } = fakeIo();
  const send = async (request: HttpRequest) => {
    sent.push(request);
    const timings = { dnsMs: 0, connectMs: 0, tlsMs: 0, firstByteMs: 0, transferMs: 0, totalMs: 0 };
    return { status: 404, headers: {}, body: Buffer.from(answer), isTruncated: false, address: '192.0.2.1', timings };
  };
  const target = {
    bucket: 'shop.uploads',
    endpoint: 'https://s3.example:9000/sub',
    region: 'us-east-1',
    accessKey: 'app',
    secretKey: 'hush',
    verifyTls: true,
    isInPath,
  };
  await assert.rejects(tryBucket(target, { ...io, net: { ...net, http: { send } } }), Complaint);
  return sent;
}
