import * as z from 'zod';
import { percentDecoded } from '../../kernel/percent-decoded.ts';
import { secretText } from '../../kernel/secret-text.ts';
import { expectations } from '../expectations/expectations.ts';
import { unreached, withExpectations } from '../expectations/verdict.ts';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { Complaint } from '../protocols/conversation.ts';
import { downBecause } from '../protocols/failure.ts';
import { webAddress } from '../protocols/web-service.ts';

const S3Settings = z.strictObject({
  s3: webAddress('https://s3.eu-central-1.amazonaws.com').describe(
    'Address of the object store, e.g. "https://s3.eu-central-1.amazonaws.com"; the keys may stand in it as user and ' +
      'password.',
  ),
  bucket: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{1,253}$/, 'Expected the name of a bucket, such as uploads.')
    .describe('The bucket that is tried, e.g. uploads.'),
  region: z
    .string()
    .regex(/^[a-z0-9-]{1,64}$/, 'Expected a region such as eu-central-1.')
    .default('us-east-1')
    .describe('The region of the bucket; stores other than Amazon mostly take any. Default us-east-1.'),
  access_key: secretText().optional().describe('The access key, unless it stands in the address.'),
  secret_key: secretText().optional().describe('The secret key that belongs to it, unless it stands in the address.'),
  path_style: z
    .boolean()
    .default(true)
    .describe('Whether the bucket is named in the path; false names it in front of the host. Default true.'),
  expect: expectations(['CONNECTED', 'RESPONSE_TIME'])
    .optional()
    .describe('Conditions that must hold beside the object that comes back, or `{ down: […], degraded: […] }`.'),
  verify_tls: z.boolean().default(true).describe('Whether the certificate must be valid. Default true.'),
});
type S3Settings = z.output<typeof S3Settings>;

export const s3 = defineMonitor({
  type: 's3',
  summary:
    'Writes a small object into a bucket, reads it back and deletes it again, and measures how long that takes ' +
    '(`put`, `get`).',
  example: [
    'uploads:',
    '  s3: https://s3.eu-central-1.amazonaws.com',
    '  bucket: shop-uploads',
    '  region: eu-central-1',
    '  access_key: "${S3_ACCESS_KEY}"',
    '  secret_key: "${S3_SECRET_KEY}"',
  ].join('\n'),
  testedAgainst: 'Ceph Object Gateway 16',
  settings: S3Settings,
  target: ({ s3: url, bucket }) => `${new URL(url.reveal()).host}/${bucket}`,
  check,
});

async function check(settings: S3Settings, io: ProbeIo): Promise<CheckResult> {
  const { expect } = settings;
  const url = new URL(settings.s3.reveal());
  const accessKey = settings.access_key?.reveal() ?? percentDecoded(url.username);
  const secretKey = settings.secret_key?.reveal() ?? percentDecoded(url.password);
  const where = url.host;
  if (accessKey === '' || secretKey === '')
    return {
      state: 'down',
      reason: `Nobody may write to ${where} without keys; set \`access_key\` and \`secret_key\`.`,
    };

  const { tryBucket } = await import('../protocols/s3-probe.ts');
  const startedAt = io.clock.ticks();
  const spentMs = () => io.clock.ticks() - startedAt;
  try {
    const target = {
      bucket: settings.bucket,
      region: settings.region,
      endpoint: url.origin + url.pathname.replace(/\/+$/, ''),
      isInPath: settings.path_style,
      verifyTls: settings.verify_tls,
      accessKey,
      secretKey,
    };
    const { readings, warnings } = await tryBucket(target, io);
    const latencyMs = spentMs();
    const [reason] = warnings;
    const own: CheckResult =
      reason === undefined
        ? { state: 'up', latencyMs, readings }
        : { state: 'degraded', latencyMs, readings, reason: `${where}: ${reason}` };
    return withExpectations(expect, own, { connected: true, responseTimeMs: latencyMs });
  } catch (error) {
    if (!(error instanceof Complaint)) return unreached(expect, downBecause(error, io, where), spentMs());
    const own: CheckResult = { state: 'down', latencyMs: spentMs(), reason: `${where} ${error.message}.` };
    return withExpectations(expect, own, { connected: true });
  }
}
