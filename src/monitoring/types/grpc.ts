import * as z from 'zod';
import type { Target } from '../../kernel/net.ts';
import type { Secret } from '../../kernel/secret.ts';
import { secretText } from '../../kernel/secret-text.ts';
import { expectations } from '../expectations/expectations.ts';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { Complaint, converse, type Learned } from '../protocols/conversation.ts';
import type { HealthAnswer } from '../protocols/grpc-health.ts';
import { parseHostAndPort, printHostAndPort, serverAddressOf } from '../protocols/server-address.ts';

const PORT = 50_051;
const TLS_PORT = 443;
/**
 * https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md; what begins with `grpc-` is its own. The others either
 * belong to HTTP/1 (RFC 9113 §8.2.2) or are said by the call itself.
 */
const METADATA_NAME =
  /^(?!grpc-|(?:connection|content-length|content-type|host|http2-settings|keep-alive|proxy-connection|te|transfer-encoding|upgrade)$)[\da-z_.-]+$/i;
const METADATA_NAME_WANTED =
  'Expected the name of metadata, such as authorization, and none that HTTP/2 or gRPC keeps for itself, such as host.';
const METADATA_VALUE = /^[\u0020-\u007e]*$/;

const GrpcSettings = z.strictObject({
  grpc: secretText(
    z.string().refine(isAddress, 'Expected host:port, such as users.example:50051, or grpcs://users.example for TLS.'),
  ).describe('Server to ask, e.g. "users.example:50051"; "grpcs://users.example:443" for TLS.'),
  service: z
    .string()
    .max(200)
    .default('')
    .describe('Name of the service to ask about, e.g. "shop.v1.Orders". Default: the server as a whole.'),
  metadata: z
    .record(
      z.string().regex(METADATA_NAME, METADATA_NAME_WANTED),
      secretText(z.string().regex(METADATA_VALUE, 'Expected a single line of ASCII.')),
    )
    .optional()
    .describe('What is sent along with the call, e.g. authorization.'),
  expect: expectations(['CONNECTED', 'RESPONSE_TIME'])
    .optional()
    .describe('Conditions that must hold beside the answer SERVING, or `{ down: […], degraded: […] }`.'),
  verify_tls: z.boolean().default(true).describe('Whether the certificate must be valid. Default true.'),
});
type GrpcSettings = z.output<typeof GrpcSettings>;

export const grpc = defineMonitor({
  type: 'grpc',
  summary: 'Asks a gRPC server for its health, as grpc.health.v1 lays down.',
  example:
    'users: { grpc: "grpcs://users.example:443", service: shop.v1.Users, metadata: { authorization: "Bearer ${TOKEN}" } }',
  testedAgainst: '@grpc/grpc-js 1',
  settings: GrpcSettings,
  target: ({ grpc: address, service }) =>
    service === '' ? printHostAndPort(targetOf(address)) : `${printHostAndPort(targetOf(address))} ${service}`,
  check,
});

async function check(settings: GrpcSettings, io: ProbeIo): Promise<CheckResult> {
  const { host, port, isEncrypted } = targetOf(settings.grpc);
  const where = printHostAndPort({ host, port });
  const tls = settings.verify_tls ? 'verified' : 'unverified';
  const target: Target = isEncrypted ? { host, port, tls, alpn: ['h2'] } : { host, port };
  const connect = () => io.net.tcp.connect(target, io.signal);
  return converse({ where, expect: settings.expect, connect }, io, async (socket) => {
    const { askHealth } = await import('../protocols/grpc-health.ts');
    const answer = await askHealth(socket, {
      authority: where,
      isEncrypted,
      service: settings.service,
      metadata: metadataOf(settings),
      timeoutMs: io.timeoutMs,
    });
    return learn(answer, settings.service);
  });
}

function metadataOf({ metadata = {} }: GrpcSettings): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name.toLowerCase(), value.reveal()]));
}

const SERVING = 1;
const SERVING_STATUSES: ReadonlyMap<number, string> = new Map([
  [0, 'UNKNOWN'],
  [2, 'NOT_SERVING'],
  [3, 'SERVICE_UNKNOWN'],
]);

function learn({ code, status }: HealthAnswer, service: string): Learned {
  if (code !== 0) throw new Complaint(refusal(code, service));
  if (status === SERVING) return { warnings: [] };
  const about = service === '' ? '' : ` about ${service}`;
  throw new Complaint(`answered ${SERVING_STATUSES.get(status ?? 0) ?? status}${about}, expected SERVING`);
}

/** What the server says in its own words is left out: it may repeat the metadata. */
function refusal(code: number, service: string): string {
  const known = new Map([
    [4, 'ran out of time'],
    [5, `knows no service called ${JSON.stringify(service)}`],
    [7, 'does not allow this caller to ask for its health (PERMISSION_DENIED)'],
    [12, 'runs no health service: register grpc.health.v1.Health in it, or check its port with tcp'],
    [14, 'is not available at the moment (UNAVAILABLE)'],
    [16, 'does not accept the credentials in the metadata, or asks for some (UNAUTHENTICATED)'],
  ]);
  return known.get(code) ?? `refused the call with the gRPC status ${code}`;
}

interface GrpcTarget extends Pick<Target, 'host' | 'port'> {
  readonly isEncrypted: boolean;
}

function targetOf(address: Secret): GrpcTarget {
  const plain = parseHostAndPort(address.reveal());
  if (plain !== undefined) return { host: plain.host, port: plain.port, isEncrypted: false };
  const isEncrypted = address.reveal().startsWith('grpcs:');
  const { host, port } = serverAddressOf(address, isEncrypted ? TLS_PORT : PORT);
  return { host, port, isEncrypted };
}

function isAddress(text: string): boolean {
  if (parseHostAndPort(text) !== undefined) return true;
  const url = URL.parse(text);
  return url !== null && url.hostname !== '' && ['grpc:', 'grpcs:'].includes(url.protocol);
}
