import * as z from 'zod';
import type { HttpResponse } from '../../kernel/net.ts';
import type { Secret } from '../../kernel/secret.ts';
import { secretText } from '../../kernel/secret-text.ts';
import { type Check, type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { ExpositionUnreadable, type Sample, samplesIn } from '../protocols/exposition.ts';
import { downBecause } from '../protocols/failure.ts';
import { namesOf, type Reader, type Reading, readerFor } from '../protocols/metric-readings.ts';
import { selector } from '../protocols/metric-selector.ts';

const BODY_BYTES_MAX = 10 * 1024 * 1024;
const LIMITS = { seriesMax: 100_000, lineBytesMax: 64 * 1024 };
/** Every series with a name that is read is held against every reading. */
const COMPARED_MAX = 500_000;
/** After so many lines others get their turn. */
const TURN_LINES = 5_000;
const READINGS_MAX = 50;
const REDIRECTS_MAX = 5;
const MISSING_SHOWN = 5;
const ACCEPT = 'text/plain;version=0.0.4, application/openmetrics-text;version=1.0.0;q=0.5';

const ReadingSetting = z.union([
  selector().transform((of): Reading => ({ kind: 'sum', of })),
  z
    .strictObject({ max: selector().describe('The greatest of the series, e.g. "queue_age_seconds".') })
    .transform(({ max: of }): Reading => ({ kind: 'max', of })),
  z
    .strictObject({
      rate: selector().describe('Counters, e.g. "http_requests_total{status=~\\"5..\\"}".'),
      of: selector().optional().describe('The counters it is a share of. Without it the rate is by the second.'),
    })
    .transform(({ rate, of }): Reading => ({ kind: 'rate', rate, ...(of !== undefined && { of }) })),
  z
    .strictObject({
      quantile: z.number().gt(0).lt(1).describe('E.g. 0.95: this share is at most as much.'),
      of: selector().describe('A histogram, by its name without `_bucket`.'),
    })
    .transform(({ quantile, of }): Reading => ({ kind: 'quantile', quantile, of })),
]);

const MetricsSettings = z.strictObject({
  metrics: secretText(
    z.string().refine(isHttpUrl, 'Expected a whole web address, such as http://127.0.0.1:9090/metrics.'),
  ).describe('Address of the metrics, in the text format of Prometheus, e.g. "http://127.0.0.1:9090/metrics".'),
  token: secretText(z.string().regex(/^[\u0021-\u007e]+$/, 'Expected a token without spaces.'))
    .optional()
    .describe('Sent as `Authorization: Bearer …`.'),
  read: z
    .record(z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, 'Expected a name such as error_rate.'), ReadingSetting)
    .refine((read) => Object.keys(read).length <= READINGS_MAX, `Expected at most ${READINGS_MAX} readings.`)
    .default({})
    .describe(
      'What to make of them for thresholds, by name: a metric (its series are summed up), `{ max }`, `{ rate, of }` or ' +
        '`{ quantile, of }`. What is in seconds by its name is read in milliseconds. Default: nothing.',
    ),
  min_events: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(10)
    .describe('A share or a quantile is made as soon as so many events have come together since the last. Default 10.'),
  verify_tls: z.boolean().default(true).describe('Whether the certificate must be valid. Default true.'),
});
type MetricsSettings = z.output<typeof MetricsSettings>;

/** Up whenever the metrics can be read, and degraded when one of them is not there; thresholds on the readings say what is too much. */
export const metrics = defineMonitor({
  type: 'metrics',
  summary: 'Reads the metrics of a service and makes rates, quantiles and values of them.',
  example:
    'api-metrics: { metrics: "http://127.0.0.1:9090/metrics", read: ' +
    '{ error_rate: { rate: \'http_requests_total{status=~"5.."}\', of: http_requests_total }, ' +
    'p95: { quantile: 0.95, of: http_request_duration_seconds }, queue: jobs_waiting } }',
  testedAgainst: '@prometheus-io/client 0.16',
  settings: MetricsSettings,
  target: ({ metrics: url }) => placeOf(url),
  remember: follow,
});

function follow(settings: MetricsSettings): Check {
  const readings = Object.entries(settings.read);
  const readers = readings.map(([name, reading]) => [name, readerFor(reading, settings.min_events)] as const);
  const names = new Set(readings.flatMap(([, reading]) => namesOf(reading)));
  const samplesMax = Math.floor(COMPARED_MAX / Math.max(1, readings.length));
  return async (io) => {
    const where = placeOf(settings.metrics);
    try {
      const response = await request(settings, io);
      const latencyMs = response.timings.totalMs;
      const complaint = complaintAbout(response);
      if (complaint !== undefined) return { state: 'down', latencyMs, reason: `${where} ${complaint}` };
      const samples = await wanted(response.body, { names, samplesMax }, io);
      const found = { latencyMs, readings: readingsOf(readers, samples, io) };
      const missing = missingFrom(response.body, samples, names);
      if (missing.length === 0) return { state: 'up', ...found };
      return { state: 'degraded', ...found, reason: `${where} has no ${listOf(missing)}, which is read from it.` };
    } catch (error) {
      if (error instanceof ExpositionUnreadable) return unreadable(where, error);
      return downBecause(error, io, new URL(settings.metrics.reveal()).host);
    }
  };
}

function request({ metrics: url, token, verify_tls: verifyTls }: MetricsSettings, { net, signal }: ProbeIo) {
  return net.http.send({
    url: url.reveal(),
    method: 'GET',
    headers: { accept: ACCEPT, ...(token !== undefined && { authorization: `Bearer ${token.reveal()}` }) },
    redirectsMax: REDIRECTS_MAX,
    bodyBytesMax: BODY_BYTES_MAX,
    verifyTls,
    signal,
  });
}

function complaintAbout({ status, isTruncated }: HttpResponse): string | undefined {
  if (status !== 200) return `answered ${status}, expected 200.`;
  return isTruncated ? `sends more than ${BODY_BYTES_MAX / 1024 / 1024} MB of metrics.` : undefined;
}

interface Wanted {
  readonly names: ReadonlySet<string>;
  readonly samplesMax: number;
}

async function wanted(body: Uint8Array, { names, samplesMax }: Wanted, io: ProbeIo): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  let lines = 0;
  for (const sample of samplesIn(body, (name) => names.has(name), LIMITS)) {
    if (sample !== undefined) samples.push(sample);
    if (samples.length > samplesMax)
      throw new ExpositionUnreadable(`more than ${samplesMax} series have the names that are read`);
    lines += 1;
    if (lines % TURN_LINES === 0) await io.clock.sleep(1, io.signal);
  }
  if (lines === 0) throw new ExpositionUnreadable('there is not a single metric');
  return samples;
}

function readingsOf(readers: readonly (readonly [string, Reader])[], samples: readonly Sample[], { clock }: ProbeIo) {
  const scrape = { samples, at: clock.ticks() };
  const said = readers.flatMap(([name, read]) => {
    const value = read(scrape);
    return value !== undefined && Number.isFinite(value) ? [[name, value] as const] : [];
  });
  return Object.fromEntries(said);
}

/** Misspelt, or gone: nothing would ever be said of it. One that is announced and has no series yet is neither. */
function missingFrom(body: Uint8Array, samples: readonly Sample[], names: ReadonlySet<string>): readonly string[] {
  const there = new Set(samples.map(({ name }) => name));
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return [...names].filter((name) => {
    if (there.has(name)) return false;
    const announced = [name, name.replace(/_(?:total|bucket|sum|count)$/, '')];
    return announced.every((each) => !text.includes(`# TYPE ${each} `) && !text.includes(`# HELP ${each} `));
  });
}

function listOf(names: readonly string[]): string {
  const shown = names.slice(0, MISSING_SHOWN).join(', ');
  return names.length > MISSING_SHOWN ? `${shown} and ${names.length - MISSING_SHOWN} more` : shown;
}

function unreadable(where: string, { message }: ExpositionUnreadable): CheckResult {
  return { state: 'down', reason: `${where} does not answer with metrics as Prometheus reads them: ${message}.` };
}

/** Host and path: a query often holds a token. */
function placeOf(url: Secret): string {
  const { host, pathname } = new URL(url.reveal());
  return pathname === '/' ? host : `${host}${pathname}`;
}

function isHttpUrl(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text);
}
