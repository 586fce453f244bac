import type { Duplex } from 'node:stream';
import * as z from 'zod';
import type { Target } from '../../kernel/net.ts';
import type { Secret } from '../../kernel/secret.ts';
import { secretText } from '../../kernel/secret-text.ts';
import { expectations } from '../expectations/expectations.ts';
import { unreached, withExpectations } from '../expectations/verdict.ts';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { converse } from '../protocols/conversation.ts';
import { type KafkaAddress, parseKafkaAddress } from '../protocols/kafka-address.ts';
import type { Cluster } from '../protocols/kafka-cluster.ts';
import { printHostAndPort } from '../protocols/server-address.ts';

const KafkaSettings = z.strictObject({
  kafka: secretText(
    z
      .string()
      .refine(
        (text) => parseKafkaAddress(text) !== undefined,
        'Expected brokers, such as a.example:9092,b.example:9092 or kafka://user:password@a.example:9092.',
      ),
  ).describe(
    'Brokers, e.g. "a.example:9092,b.example:9092", or "kafka://user:password@a.example:9092"; kafkas: for TLS.',
  ),
  topic: z
    .string()
    .regex(/^[\w.-]{1,249}$/, 'Expected the name of a topic, such as orders.')
    .optional()
    .describe('Topic that must be there, each of its partitions with a leader. Default: all topics are looked at.'),
  mechanism: z
    .enum(['plain', 'scram-sha-256', 'scram-sha-512'])
    .default('plain')
    .describe('How to log in (SASL), if there is a user. Default plain.'),
  expect: expectations(['CONNECTED', 'RESPONSE_TIME', 'BODY'])
    .optional()
    .describe('Conditions that must hold, or `{ down: […], degraded: […] }`, e.g. "[BODY].brokers >= 3".'),
  verify_tls: z.boolean().default(true).describe('Whether the certificates must be valid. Default true.'),
});
type KafkaSettings = z.output<typeof KafkaSettings>;

export const kafka = defineMonitor({
  type: 'kafka',
  summary: 'Asks each Kafka broker for its cluster: leaders, copies that are behind, brokers that are missing.',
  example: 'events: { kafka: "kafkas://app@a.example:9092,b.example:9092", topic: orders, mechanism: scram-sha-512 }',
  testedAgainst: 'librdkafka 2 (its brokers, and its client against ours) and a local server that speaks Kafka',
  settings: KafkaSettings,
  target: ({ kafka: address, topic }) =>
    [addressOf(address).brokers.map(printHostAndPort).join(','), ...(topic === undefined ? [] : [topic])].join(' '),
  check,
});

async function check(settings: KafkaSettings, io: ProbeIo): Promise<CheckResult> {
  const { expect } = settings;
  const visits = await Promise.all(addressOf(settings.kafka).brokers.map((broker) => visit(broker, settings, io)));
  const failures = visits.flatMap(({ result }) => ('reason' in result ? [result.reason] : []));
  const first = visits.find(({ cluster }) => cluster !== undefined);
  if (first?.cluster === undefined) {
    const failure: CheckResult = { state: 'down', reason: failures.join(' ') };
    const isReached = visits.some(({ isConnected }) => isConnected);
    return isReached ? withExpectations(expect, failure, { connected: true }) : unreached(expect, failure, 0);
  }
  const { judgeCluster } = await import('../protocols/kafka-health.ts');
  const { latencyMs = 0 } = first.result;
  const { complaint, warnings, readings } = judgeCluster(first.cluster, settings.topic);
  const reasons = complaint === undefined ? [...failures, ...warnings] : [complaint];
  const found = { latencyMs, readings };
  const state = complaint === undefined ? 'degraded' : 'down';
  const own: CheckResult =
    reasons.length === 0 ? { ...found, state: 'up' } : { ...found, state, reason: reasons.join(' ') };
  const observed = { connected: true, responseTimeMs: latencyMs, body: JSON.stringify(readings) };
  return withExpectations(expect, own, observed);
}

interface Visit {
  readonly result: CheckResult;
  readonly isConnected: boolean;
  readonly cluster: Cluster | undefined;
}

async function visit(broker: Pick<Target, 'host' | 'port'>, settings: KafkaSettings, io: ProbeIo): Promise<Visit> {
  const verified = settings.verify_tls ? 'verified' : 'unverified';
  const target: Target = addressOf(settings.kafka).isEncrypted ? { ...broker, tls: verified } : broker;
  let cluster: Cluster | undefined;
  let isConnected = false;
  const connect = () => io.net.tcp.connect(target, io.signal);
  const result = await converse({ where: printHostAndPort(broker), expect: undefined, connect }, io, async (socket) => {
    isConnected = true;
    cluster = await ask(socket, settings, io);
    return { warnings: [] };
  });
  return { result, isConnected, cluster };
}

async function ask(socket: Duplex, settings: KafkaSettings, io: ProbeIo): Promise<Cluster> {
  const { kafkaOver } = await import('../protocols/kafka-wire.ts');
  const { lookUp, versionInCommon } = await import('../protocols/kafka-cluster.ts');
  const wire = kafkaOver(socket);
  const version = await versionInCommon(wire);
  const { user, password } = addressOf(settings.kafka);
  if (user !== '') {
    const { logIn } = await import('../protocols/kafka-login.ts');
    const mechanism = MECHANISMS[settings.mechanism];
    await logIn(wire, { mechanism, user, password, nonce: io.ids.secret(18) });
  }
  return lookUp(wire, version, settings.topic);
}

const MECHANISMS = { plain: 'PLAIN', 'scram-sha-256': 'SCRAM-SHA-256', 'scram-sha-512': 'SCRAM-SHA-512' } as const;

function addressOf(written: Secret): KafkaAddress {
  const address = parseKafkaAddress(written.reveal());
  if (address === undefined) throw new Error('The schema lets no other address through.');
  return address;
}
