import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signed } from './s3-signature.ts';

// The examples of https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
const keys = {
  accessKey: 'AKIAIOSFODNN7EXAMPLE',
  secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  region: 'us-east-1',
};
const at = Date.UTC(2013, 4, 24);
const host = 'https://examplebucket.s3.amazonaws.com';

const EXAMPLES = {
  'reads a part of an object': [
    { method: 'GET', url: new URL(`${host}/test.txt`), headers: { range: 'bytes=0-9' }, body: Buffer.alloc(0), at },
    'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  ],
  'writes an object': [
    {
      method: 'PUT',
      url: new URL(`${host}/test%24file.text`),
      headers: { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
      body: Buffer.from('Welcome to Amazon S3.'),
      at,
    },
    '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  ],
  'lists objects by a query': [
    { method: 'GET', url: new URL(`${host}/?max-keys=2&prefix=J`), headers: {}, body: Buffer.alloc(0), at },
    '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  ],
} as const;

for (const [what, [request, signature]] of Object.entries(EXAMPLES)) {
  test(`a request that ${what} is signed as Amazon signs it`, () => {
    assert.match(signed(request, keys).authorization, new RegExp(`Signature=${signature}$`));
  });
}
