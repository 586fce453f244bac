import type { ProbeIo } from '../monitor-type.ts';
import { Complaint } from './conversation.ts';
import { escaped, type S3Keys, signed, type Unsigned } from './s3-signature.ts';

export interface S3Bucket extends S3Keys {
  readonly bucket: string;
  /** Of the server, without a slash at the end. */
  readonly endpoint: string;
  readonly isInPath: boolean;
  readonly verifyTls: boolean;
}

export interface S3Findings {
  readonly readings: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
}

const FOLDER = '.evenkeel/probe';
const OBJECT_BYTES = 32;
const ANSWER_BYTES_MAX = 64 * 1024;
/** What has to be taken away after the deadline has passed gets this long, while nobody waits. */
const TIDYING_MS = 5_000;

interface Answer {
  readonly status: number;
  readonly body: Uint8Array;
  readonly version: string | undefined;
  readonly tookMs: number;
}

/** Writes an object, reads it back and takes it away again. Throws a `Complaint`, or what `net.http.send` throws. */
export async function tryBucket(target: S3Bucket, io: ProbeIo): Promise<S3Findings> {
  const content = Buffer.from(io.ids.secret(OBJECT_BYTES)).subarray(0, OBJECT_BYTES);
  const object = urlOf(target, `${FOLDER}/${io.ids.secret(12)}`);
  const ask = (method: Unsigned['method'], { url = object, body = NOTHING, signal = io.signal } = {}) =>
    send({ method, url, body }, target, { ...io, signal });

  let put: Answer;
  try {
    put = await ask('PUT', { body: content });
  } catch (error) {
    // It may have come into being all the same.
    ask('DELETE', { signal: io.clock.timeout(TIDYING_MS) }).catch(() => undefined);
    throw error;
  }
  if (put.status !== 200) throw refusal(put, target, 'write');
  const written = versioned(object, put.version);
  try {
    const get = await ask('GET');
    if (get.status !== 200) throw refusal(get, target, 'read');
    if (!content.equals(get.body)) throw new Complaint('gave back something else than was written');
    const gone = await ask('DELETE', { url: written });
    const readings = { put: put.tookMs, get: get.tookMs };
    return { readings, warnings: gone.status < 300 || gone.status === 404 ? [] : [undeleted(gone, put.version)] };
  } catch (error) {
    ask('DELETE', { url: written, signal: io.clock.timeout(TIDYING_MS) }).catch(() => undefined);
    throw error;
  }
}

const NOTHING = new Uint8Array();

async function send(
  { method, url, body }: Omit<Unsigned, 'headers' | 'at'>,
  target: S3Bucket,
  { net, clock, signal }: Pick<ProbeIo, 'net' | 'clock' | 'signal'>,
): Promise<Answer> {
  const headers = signed({ method, url, headers: {}, body, at: clock.now() }, target);
  const response = await net.http.send({
    method,
    url: url.href,
    headers,
    ...(method === 'PUT' && { body }),
    signal,
    verifyTls: target.verifyTls,
    bodyBytesMax: ANSWER_BYTES_MAX,
  });
  const { status, body: answer, timings, headers: said } = response;
  return { status, body: answer, tookMs: timings.totalMs, version: said['x-amz-version-id'] };
}

function urlOf({ endpoint, bucket, isInPath }: S3Bucket, key: string): URL {
  const path = key.split('/').map(escaped).join('/');
  if (isInPath) return new URL(`${endpoint}/${escaped(bucket)}/${path}`);
  const url = new URL(`${endpoint}/${path}`);
  url.host = `${bucket}.${url.host}`;
  return url;
}

/** Where old versions are kept, an object is gone only when its version is. */
function versioned(object: URL, version: string | undefined): URL {
  if (version === undefined || version === 'null') return object;
  const url = new URL(object);
  url.search = `?versionId=${escaped(version)}`;
  return url;
}

const RIGHTS = { write: 's3:PutObject', read: 's3:GetObject' };

/** Codes: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
function refusal(answer: Answer, { bucket, region, secretKey }: S3Bucket, doing: keyof typeof RIGHTS): Complaint {
  const code = codeIn(answer);
  const wrongRegion = `does not keep the bucket ${bucket} in the region ${region}; set \`region\``;
  const meanings: ReadonlyMap<string, string> = new Map([
    ['NoSuchBucket', `has no bucket ${bucket}`],
    [
      'AccessDenied',
      `does not let this key ${doing} objects in the bucket ${bucket}; allow ${RIGHTS[doing]} on ${FOLDER}/*`,
    ],
    ['InvalidAccessKeyId', 'does not know the access key'],
    ['SignatureDoesNotMatch', 'rejected the secret key'],
    ['RequestTimeTooSkewed', 'has another time than this machine; look at the clocks of both'],
    ['AuthorizationHeaderMalformed', wrongRegion],
    ['PermanentRedirect', wrongRegion],
    ['IllegalLocationConstraintException', wrongRegion],
    ['NoSuchKey', 'has already forgotten what it had just taken'],
    ['SlowDown', 'asks for fewer requests'],
    ['ServiceUnavailable', 'is not available for now'],
    ['QuotaExceeded', `takes no more: the quota of the bucket ${bucket} is used up`],
    ['XMinioStorageFull', 'takes no more: its disks are full'],
  ]);
  const known = meanings.get(code);
  if (known !== undefined) return new Complaint(known);
  const shown = code === '' || code.includes(secretKey) ? '' : ` and the code ${code}`;
  return new Complaint(
    `did not let an object be ${doing === 'write' ? 'written' : 'read'}: status ${answer.status}${shown}`,
  );
}

function undeleted(answer: Answer, version: string | undefined): string {
  const right = version === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion';
  return `It keeps what each check writes (status ${answer.status} on deleting); allow ${right} on ${FOLDER}/*.`;
}

/** Errors are XML; a server that says anything else says no code. */
function codeIn({ body }: Answer): string {
  const [, code = ''] = /<Code>(?<code>[A-Za-z]{1,64})<\/Code>/.exec(new TextDecoder().decode(body)) ?? [];
  return code;
}
