import type { Duplex } from 'node:stream';
import * as z from 'zod';
import type { Target } from '../../kernel/net.ts';
import { expectations } from '../expectations/expectations.ts';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import type { AmqpClient, QueueDepth, Takes } from '../protocols/amqp.ts';
import { converse, type Learned, sayGoodbye } from '../protocols/conversation.ts';
import { throwIfShutDown } from '../protocols/failure.ts';
import { printHostAndPort, type ServerAddress, serverAddressOf, serverUrl } from '../protocols/server-address.ts';

const PORT = 5672;
const TLS_PORT = 5671;
const QUEUES_MAX = 50;
/** As long as a name can be in AMQP. */
const NAME_BYTES_MAX = 255;

const QueueName = z
  .string()
  .min(1)
  .refine((name) => Buffer.byteLength(name) <= NAME_BYTES_MAX, 'Expected a name of at most 255 bytes.');

const RabbitMqSettings = z.strictObject({
  rabbitmq: serverUrl({ schemes: ['amqp', 'amqps'], example: 'amqp://user:password@mq.example:5672/shop' }).describe(
    'Address of the broker and the virtual host, e.g. "amqp://user:password@mq.example:5672/shop"; amqps: for TLS.',
  ),
  queue: z
    .union([QueueName, z.array(QueueName).min(1).max(QUEUES_MAX)])
    .optional()
    .describe('A queue, or several, that must be there. Measured as `queue:NAME` (messages) and `consumers:NAME`.'),
  consumers_min: z
    .int()
    .min(0)
    .default(0)
    .describe('How many consumers each queue needs; with fewer the state is degraded. Default 0.'),
  blocked: z
    .boolean()
    .default(true)
    .describe(
      'Whether to find out if the broker takes messages, by sending an empty one that no queue gets. Default true.',
    ),
  expect: expectations(['CONNECTED', 'RESPONSE_TIME', 'BODY'])
    .optional()
    .describe(
      'Conditions that must hold, or `{ down: […], degraded: […] }`. [BODY] is JSON, ' +
        'e.g. "[BODY].orders.messages < 1000" for the queue orders.',
    ),
  verify_tls: z.boolean().default(true).describe('Whether the certificate must be valid. Default true.'),
});
type RabbitMqSettings = z.output<typeof RabbitMqSettings>;

export const rabbitmq = defineMonitor({
  type: 'rabbitmq',
  summary: 'Logs in to a RabbitMQ broker, opens a virtual host and measures how full its queues are.',
  example: 'mq: { rabbitmq: "amqp://app@mq.example:5672/shop", queue: orders, consumers_min: 1 }',
  testedAgainst: 'RabbitMQ 3.10',
  settings: RabbitMqSettings,
  target: ({ rabbitmq: url }) => printHostAndPort(addressOf(url)),
  check,
});

async function check(settings: RabbitMqSettings, io: ProbeIo): Promise<CheckResult> {
  const address = addressOf(settings.rabbitmq);
  const where = printHostAndPort(address);
  const connect = () => io.net.tcp.connect(targetOf(address, settings), io.signal);
  return converse({ where, expect: settings.expect, connect }, io, (socket) => ask(socket, settings, io));
}

async function ask(socket: Duplex, settings: RabbitMqSettings, io: ProbeIo): Promise<Learned> {
  const { amqpOver } = await import('../protocols/amqp.ts');
  const address = addressOf(settings.rabbitmq);
  const client = amqpOver(socket);
  await client.open(loginOf(address));
  const queues: Queues = {};
  const takes = await look(client, queues, settings, io);
  const answeredAt = io.clock.ticks();
  // A broker that takes no messages no longer reads what else is said to it.
  if (takes !== 'no') await sayGoodbye(io, () => client.close());
  const where = printHostAndPort(address);
  const blocked = `${where} takes no messages: it runs out of memory or disk (rabbitmq-diagnostics alarms).`;
  const lonely = Object.entries(queues)
    .filter(([, { consumers }]) => consumers < settings.consumers_min)
    .map(([name, { consumers }]) => tooFew(name, consumers, settings.consumers_min));
  return {
    answeredAt,
    warnings: [...(takes === 'no' ? [blocked] : []), ...lonely],
    body: JSON.stringify(queues),
    readings: Object.fromEntries(
      Object.entries(queues).flatMap(([name, { messages, consumers }]) => [
        [`queue:${name}`, messages],
        [`consumers:${name}`, consumers],
      ]),
    ),
  };
}

type Queues = Record<string, QueueDepth>;

/** Fills in how full the queues are; the answer is whether the broker takes messages. */
async function look(client: AmqpClient, queues: Queues, settings: RabbitMqSettings, io: ProbeIo): Promise<Takes> {
  const names = [settings.queue ?? []].flat();
  try {
    if (names.length > 0) await client.openChannel();
    for (const name of names) queues[name] = await client.depth(name);
    return settings.blocked ? await client.takesMessages(`evenkeel-${io.ids.secret(12)}`) : 'unknown';
  } catch (error) {
    throwIfShutDown(io.signal);
    // That it said so says more than that it then said nothing more.
    if (io.signal.aborted && client.isBlocked()) return 'no';
    throw error;
  }
}

function tooFew(queue: string, consumers: number, least: number): string {
  const found = consumers === 0 ? 'no consumer' : `${consumers} consumers`;
  return `The queue ${JSON.stringify(queue)} has ${found}, expected at least ${least}.`;
}

function addressOf(url: RabbitMqSettings['rabbitmq']): ServerAddress {
  return serverAddressOf(url, url.reveal().startsWith('amqps:') ? TLS_PORT : PORT);
}

function targetOf({ scheme, host, port }: ServerAddress, { verify_tls: verify }: RabbitMqSettings): Target {
  return scheme === 'amqps' ? { host, port, tls: verify ? 'verified' : 'unverified' } : { host, port };
}

/** What is left out is as https://www.rabbitmq.com/docs/uri-spec says; a slash alone means the host `/` all the same. */
function loginOf({ user, password, path }: ServerAddress) {
  const credentials = user === '' && password === '' ? { user: 'guest', password: 'guest' } : { user, password };
  return { ...credentials, vhost: path === '' ? '/' : path };
}
