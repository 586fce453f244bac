import type { Duplex } from 'node:stream';
import * as z from 'zod';
import { formatDuration } from '../../kernel/duration.ts';
import type { Target } from '../../kernel/net.ts';
import { secretText } from '../../kernel/secret-text.ts';
import { expectations } from '../expectations/expectations.ts';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { Complaint, converse, type Learned, Missed } from '../protocols/conversation.ts';
import { throwIfShutDown } from '../protocols/failure.ts';
import type { Message, MqttClient } from '../protocols/mqtt.ts';
import { secretsSaid } from '../protocols/sent-secrets.ts';
import { printHostAndPort, type ServerAddress, serverAddressOf, serverUrl } from '../protocols/server-address.ts';

const PORT = 1883;
const TLS_PORT = 8883;
const MESSAGES_MAX = 1_000;
const TEXT_CHARS_MAX = 10_000;
/** MQTT 3.1.1 §4.7: up to 65,535 bytes; nobody writes a tenth of it. */
const TOPIC_CHARS_MAX = 1_000;

const MqttSettings = z
  .strictObject({
    mqtt: serverUrl({ schemes: ['mqtt', 'mqtts'], example: 'mqtt://user:password@mq.example:1883' }).describe(
      'Address of the broker, e.g. "mqtt://user:password@mq.example:1883"; mqtts: for TLS.',
    ),
    topic: z
      .string()
      .min(1)
      .max(TOPIC_CHARS_MAX)
      .regex(/^[^\0]*$/, 'Expected a topic without NUL.')
      .optional()
      .describe('Topic to wait for a message of, e.g. "sensors/+/temperature"; one the broker has kept counts too.'),
    contains: z.string().min(1).max(TEXT_CHARS_MAX).optional().describe('Text that the message has to contain.'),
    publish: secretText(z.string().min(1).max(TEXT_CHARS_MAX))
      .optional()
      .describe('A message to send, which has to come back. Without `topic` it goes to one that nobody else has.'),
    version: z.enum(['3.1.1', '5']).default('3.1.1').describe('Version of MQTT. Default 3.1.1.'),
    expect: expectations(['CONNECTED', 'RESPONSE_TIME', 'BODY'])
      .optional()
      .describe('Conditions that must hold, or `{ down: […], degraded: […] }`. [BODY] is the message that came.'),
    verify_tls: z.boolean().default(true).describe('Whether the certificate must be valid. Default true.'),
  })
  .refine(({ publish, topic }) => publish === undefined || topic === undefined || !/[#+]/.test(topic), {
    path: ['topic'],
    message: 'Nothing can be sent to a topic with # or +; choose one without for `publish`.',
  });
type MqttSettings = z.output<typeof MqttSettings>;

export const mqtt = defineMonitor({
  type: 'mqtt',
  summary: 'Logs in to an MQTT broker and, if asked, waits for a message or for its own to come back.',
  example: 'sensors: { mqtt: "mqtts://app@mq.example:8883", topic: "sensors/hall", contains: "°C" }',
  testedAgainst: 'Mosquitto 2.0',
  settings: MqttSettings,
  target: ({ mqtt: url, topic }) =>
    [printHostAndPort(addressOf(url)), ...(topic === undefined ? [] : [topic])].join(' '),
  check,
});

async function check(settings: MqttSettings, io: ProbeIo): Promise<CheckResult> {
  const address = addressOf(settings.mqtt);
  const connect = () => io.net.tcp.connect(targetOf(address, settings), io.signal);
  return converse({ where: printHostAndPort(address), expect: settings.expect, connect }, io, (socket) =>
    ask(socket, settings, io),
  );
}

async function ask(socket: Duplex, settings: MqttSettings, io: ProbeIo): Promise<Learned> {
  const { mqttOver } = await import('../protocols/mqtt.ts');
  const { user, password } = addressOf(settings.mqtt);
  const client = await mqttOver(socket, settings.version === '5' ? 5 : 4);
  const unique = io.ids.secret(12);
  // MQTT 3.1.1 promises no more than 23 letters and digits (§3.1.3.1).
  await client.open({ clientId: `evenkeel${unique.replaceAll(/[^\w]|_/g, '').slice(0, 15)}`, user, password });
  const topic = settings.topic ?? (settings.publish === undefined ? undefined : `evenkeel/${unique}`);
  const message = topic === undefined ? await client.ping() : await exchange(client, topic, settings, io);
  client.close();
  if (message === undefined) return { warnings: [] };
  const secrets = settings.publish === undefined ? [] : secretsSaid(settings.publish.reveal());
  return { warnings: [], body: message.text, secrets };
}

async function exchange(client: MqttClient, topic: string, settings: MqttSettings, io: ProbeIo): Promise<Message> {
  await client.subscribe(topic);
  const own = settings.publish?.reveal();
  if (own !== undefined) await client.publish(topic, own);
  const isWanted = ({ text, isRetained }: Message) =>
    text.includes(settings.contains ?? '') && (own === undefined || (!isRetained && text === own));
  const wanted = printWanted(settings);
  for (let messages = 0; messages < MESSAGES_MAX; messages += 1) {
    const message = await client.message().catch((error: unknown) => {
      throwIfShutDown(io.signal);
      if (!io.signal.aborted) throw error;
    });
    if (message === undefined) {
      throw new Missed(`did not send ${wanted} within ${formatDuration(io.timeoutMs)}${butOthers(messages)}`);
    }
    if (isWanted(message)) return message;
  }
  throw new Complaint(`sent ${MESSAGES_MAX} messages, and none was ${wanted}`);
}

function butOthers(messages: number): string {
  if (messages === 0) return '';
  return messages === 1 ? ', but another one' : `, but ${messages} others`;
}

function printWanted({ contains, publish }: MqttSettings): string {
  if (publish !== undefined) return 'the message back that it was sent';
  return contains === undefined ? 'a message' : `a message with ${JSON.stringify(contains)}`;
}

function addressOf(url: MqttSettings['mqtt']): ServerAddress {
  return serverAddressOf(url, url.reveal().startsWith('mqtts:') ? TLS_PORT : PORT);
}

function targetOf({ scheme, host, port }: ServerAddress, { verify_tls: verify }: MqttSettings): Target {
  return scheme === 'mqtts' ? { host, port, tls: verify ? 'verified' : 'unverified' } : { host, port };
}
