import { Secret } from '../../../kernel/secret.ts';
import { addressText } from '../../address-text.ts';
import type { Row } from '../../import-source.ts';
import { demand, Unlike } from '../../unlike.ts';
import { textWith, type Written } from '../../written.ts';
import { jsonCondition } from './conditions.ts';
import { hostAndPort, type Kind } from './kind.ts';
import { flagIn, isRow, jsonIn, numberIn, textIn } from './row.ts';

export const postgres: Kind = (row) => ({
  entry: { postgres: connectionOf(row, /^postgres(?:ql)?:\/\//), query: queryOf(row) },
});

export const mysql: Kind = (row) => ({
  entry: { mysql: connectionOf(row, /^(?:mysql|mariadb):\/\//), query: queryOf(row) },
});

export const redis: Kind = (row) => ({
  entry: { redis: connectionOf(row, /^rediss?:\/\//), verify_tls: flagIn(row, 'ignore_tls') ? false : undefined },
});

export const mongodb: Kind = (row) => {
  const command = textIn(row, 'database_query');
  const isPing = command === undefined || /^\s*\{\s*"ping"\s*:\s*1\s*\}\s*$/.test(command);
  if (!isPing) throw new Unlike('It runs a command of its own; here MongoDB is asked with ping.');
  if (textIn(row, 'json_path') !== undefined && textIn(row, 'expected_value') !== undefined) {
    throw new Unlike('It compares a part of the answer to a command; here MongoDB is asked with ping.');
  }
  return { entry: { mongodb: connectionOf(row, /^mongodb:\/\//) } };
};

/** Of version 1, which kept the password of MySQL elsewhere. */
function connectionOf(row: Row, scheme: RegExp): Written {
  const url = textIn(row, 'database_connection_string');
  if (url === undefined || !scheme.test(url)) throw new Unlike('The address of its database is not written as a URL.');
  const password = textIn(row, 'radius_password');
  const [, before, after] = /^([a-z]+:\/\/[^\s/?#:@]+)(@.+)$/i.exec(url) ?? [];
  if (before === undefined || after === undefined || password === undefined) return addressText(url);
  return textWith`${before}:${new Secret(encodeURIComponent(password), 'password')}${after}`;
}

function queryOf(row: Row): string | undefined {
  const query = textIn(row, 'database_query')?.replace(/;\s*$/, '');
  return query === undefined || /^select\s+1$/i.test(query) ? undefined : query;
}

export const mqtt: Kind = (row) => {
  const topic = demand(textIn(row, 'mqtt_topic'), 'It names no topic.');
  const isJson = textIn(row, 'mqtt_check_type') === 'json-query';
  const login = { user: textIn(row, 'mqtt_username'), password: textIn(row, 'mqtt_password') };
  return {
    entry: {
      mqtt: withLogin(brokerOf(row), login),
      topic,
      contains: isJson ? undefined : textIn(row, 'mqtt_success_message'),
      expect: isJson ? [messageCondition(row)] : undefined,
    },
    notes: ['Kuma waited for a new message; here one that the broker has kept counts too.'],
  };
};

function brokerOf(row: Row): string {
  const written = textIn(row, 'hostname') ?? '';
  if (/^wss?:/.test(written)) throw new Unlike('It speaks MQTT over WebSockets, which no check here does.');
  const [, scheme = 'mqtt', host] = /^(?:(mqtts?):\/\/)?([^/]+)/.exec(written) ?? [];
  return `${scheme}://${hostAndPort(demand(host, 'It names no host.'), numberIn(row, 'port') ?? 1883)}`;
}

function messageCondition(row: Row): string {
  const condition = jsonCondition(textIn(row, 'json_path') ?? '$', '==', textIn(row, 'expected_value') ?? '');
  return demand(condition, 'Its JSON query is more than a path that is compared with a value.');
}

interface Login {
  readonly user: string | undefined;
  readonly password: string | undefined;
}

function withLogin(address: string, { user, password }: Login): Written {
  const [scheme = '', place = ''] = address.split('://');
  if (user === undefined) return address;
  if (password === undefined) return `${scheme}://${encodeURIComponent(user)}@${place}`;
  const secret = new Secret(encodeURIComponent(password), 'password');
  return textWith`${scheme}://${encodeURIComponent(user)}:${secret}@${place}`;
}

/** Kuma asks the management interface whether there are alarms: the same request. */
export const rabbitmq: Kind = (row) => {
  const nodes = jsonIn(row, 'rabbitmq_nodes');
  const [first, ...others] = Array.isArray(nodes) ? nodes.map(String) : [];
  const node = demand(first, 'It names no node.').replace(/\/+$/, '');
  if (!/^https?:\/\//.test(node)) throw new Unlike('The address of its node is not written as a URL.');
  const user = textIn(row, 'rabbitmq_username') ?? '';
  const password = new Secret(textIn(row, 'rabbitmq_password') ?? '', 'password');
  return {
    entry: {
      http: addressText(`${node}/api/health/checks/alarms`),
      auth: { basic: { user, password } },
      expect: ['[STATUS] == 200'],
    },
    notes: [
      'It asks the management interface for alarms, as Kuma did; the type `rabbitmq` logs in to the broker itself.',
      ...(others.length === 0 ? [] : [`Kuma also asked ${others.length} other nodes when this one failed.`]),
    ],
  };
};

export const kafkaProducer: Kind = (row) => {
  const written = jsonIn(row, 'kafka_producer_brokers');
  const brokers = Array.isArray(written) && written.length > 0 ? written.map(String).join(',') : undefined;
  const scheme = flagIn(row, 'kafka_producer_ssl') ? 'kafkas' : 'kafka';
  const { mechanism, ...login } = kafkaLogin(row);
  return {
    entry: {
      kafka: withLogin(`${scheme}://${demand(brokers, 'It names no broker.')}`, login),
      topic: textIn(row, 'kafka_producer_topic'),
      mechanism,
    },
    notes: ['Kuma wrote a message with every check; here the topic is looked at, and nothing is written.'],
  };
};

const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'];

function kafkaLogin(row: Row): Login & { readonly mechanism: string | undefined } {
  const written = jsonIn(row, 'kafka_producer_sasl_options');
  const sasl: Row = isRow(written) ? written : {};
  const mechanism = (textIn(sasl, 'mechanism') ?? 'none').toLowerCase();
  if (mechanism === 'none') return { user: undefined, password: undefined, mechanism: undefined };
  if (!MECHANISMS.includes(mechanism))
    throw new Unlike(`It logs in to Kafka with ${mechanism}, which no check here does.`);
  const user = demand(textIn(sasl, 'username'), 'It logs in to Kafka without a user.');
  return { user, password: textIn(sasl, 'password'), mechanism };
}

/** Kuma calls any method; only the one about health means the same here. */
export const grpcKeyword: Kind = (row) => {
  const service = textIn(row, 'grpc_service_name') ?? '';
  const method = textIn(row, 'grpc_method') ?? '';
  const isHealth = /(?:^|\.)Health$/.test(service) && /^check$/i.test(method);
  if (!isHealth) {
    throw new Unlike(
      `It calls ${JSON.stringify(`${service}.${method}`)} and looks for a keyword; here gRPC servers are asked for their health.`,
    );
  }
  const place = demand(textIn(row, 'grpc_url'), 'It has no address.').replace(/^[a-z]+:\/\//, '');
  const asked = jsonIn(row, 'grpc_body');
  return {
    entry: {
      grpc: flagIn(row, 'grpc_enable_tls') ? `grpcs://${place}` : place,
      service: isRow(asked) ? textIn(asked, 'service') : undefined,
    },
    notes: ['Kuma looked for a keyword in the answer; here it has to be SERVING.'],
  };
};

export const docker: Kind = (row, { data }) => {
  const container = demand(textIn(row, 'docker_container'), 'It names no container.');
  const host = data.dockerHosts.find(({ id }) => id === numberIn(row, 'docker_host'));
  const daemon = host === undefined ? undefined : textIn(host, 'docker_daemon');
  const isSocket = host === undefined || textIn(host, 'docker_type') === 'socket';
  const socket = daemon === undefined || daemon === '/var/run/docker.sock' ? undefined : `unix://${daemon}`;
  return { entry: { docker: container, engine: isSocket ? socket : daemon } };
};

export const group: Kind = (row, { childrenOf }) => {
  const members = childrenOf(row);
  if (members.length === 0) throw new Unlike('Nothing in it is carried over.');
  return { entry: { group: members } };
};

export const manual: Kind = () => ({
  entry: { manual: true },
  isPush: true,
  notes: ['Say how it is with `evenkeel monitor set`; until then it is unknown.'],
});

/** The address that the job calls already goes on working. */
export const push: Kind = (row) => {
  const token = demand(textIn(row, 'push_token'), 'It has no token.');
  const intervalS = numberIn(row, 'interval') ?? 60;
  const retryS = numberIn(row, 'retry_interval') ?? 0;
  const graceS = Math.max((numberIn(row, 'maxretries') ?? 0) * (retryS > 0 ? retryS : intervalS), 1);
  return {
    entry: { heartbeat: `${intervalS}s`, grace: `${graceS}s`, key: new Secret(token, 'push token') },
    isPush: true,
    notes: ['Its address goes on working on this server, /api/push/ and the token.'],
  };
};

export const systemService: Kind = (row) => {
  const name = demand(textIn(row, 'system_service_name'), 'It names no service.');
  return { entry: { systemd: name.includes('.') ? name : `${name}.service` } };
};
