import * as z from 'zod';
import { expectations } from '../expectations/expectations.ts';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { Complaint, converse } from '../protocols/conversation.ts';
import type { ServerInfo } from '../protocols/nats.ts';
import { printHostAndPort, serverAddressOf, serverUrl } from '../protocols/server-address.ts';

const PORT = 4222;
/** `tls:` is how the clients of NATS write it. */
const TLS_SCHEMES = ['natss', 'tls'];

const NatsSettings = z.strictObject({
  nats: serverUrl({ schemes: ['nats', ...TLS_SCHEMES], example: 'nats://user:password@nats.example:4222' }).describe(
    'Address of the server, e.g. "nats://user:password@nats.example:4222", or "nats://token@…"; natss: for TLS.',
  ),
  expect: expectations(['CONNECTED', 'RESPONSE_TIME', 'BODY'])
    .optional()
    .describe(
      'Conditions that must hold beside an answer to PING, or `{ down: […], degraded: […] }`. [BODY] is what the server ' +
        'says of itself, e.g. "[BODY].jetstream == true".',
    ),
  verify_tls: z.boolean().default(true).describe('Whether the certificate must be valid. Default true.'),
});
type NatsSettings = z.output<typeof NatsSettings>;

export const nats = defineMonitor({
  type: 'nats',
  summary: 'Logs in to a NATS server and sends PING.',
  example: 'bus: { nats: "nats://nats.example:4222", expect: ["[BODY].jetstream == true"] }',
  testedAgainst: 'nats-server 2.9',
  settings: NatsSettings,
  target: ({ nats: url }) => printHostAndPort(serverAddressOf(url, PORT)),
  check,
});

async function check({ nats: url, verify_tls: verify, expect }: NatsSettings, io: ProbeIo): Promise<CheckResult> {
  const { scheme, host, port, user, password } = serverAddressOf(url, PORT);
  const where = printHostAndPort({ host, port });
  let told: ServerInfo | undefined;
  const connect = async () => {
    if (!TLS_SCHEMES.includes(scheme)) return io.net.tcp.connect({ host, port }, io.signal);
    const [{ talkBeforeTls }, { readInfo }] = await Promise.all([
      import('../protocols/before-tls.ts'),
      import('../protocols/nats.ts'),
    ]);
    const beforeTls = async (socket: Parameters<typeof talkBeforeTls>[0]) =>
      talkBeforeTls(socket, async (reader) => {
        told = await readInfo(reader);
        if (!told.hasTls) throw new Complaint(`offers no TLS, but its address asks for it (${scheme}:)`);
      });
    return io.net.tcp.connect({ host, port, tls: verify ? 'verified' : 'unverified', beforeTls }, io.signal);
  };
  return converse({ where, expect, connect }, io, async (socket) => {
    const { logIn } = await import('../protocols/nats.ts');
    const info = await logIn(socket, told, { user, password });
    return { warnings: warningsOf(info, where, user !== '' || password !== ''), body: info.json };
  });
}

function warningsOf({ isLeaving, needsLogin }: ServerInfo, where: string, hasCredentials: boolean): readonly string[] {
  return [
    ...(isLeaving ? [`${where} is in lame duck mode: it is about to stop.`] : []),
    ...(hasCredentials && !needsLogin ? [`${where} asks for no credentials, but some are set for it.`] : []),
  ];
}
