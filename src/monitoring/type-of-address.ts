import { didYouMean } from '../kernel/nearest-word.ts';

const TYPE_OF_SCHEME: Readonly<Record<string, string>> = {
  'http:': 'http',
  'https:': 'http',
  'postgres:': 'postgres',
  'postgresql:': 'postgres',
  'postgresql+asyncpg:': 'postgres',
  'postgis:': 'postgres',
  'mysql:': 'mysql',
  'mysqls:': 'mysql',
  'mysql2:': 'mysql',
  'mysql+pymysql:': 'mysql',
  'mariadb:': 'mysql',
  'mariadbs:': 'mysql',
  'mongodb:': 'mongodb',
  'redis:': 'redis',
  'rediss:': 'redis',
  'valkey:': 'redis',
  'valkeys:': 'redis',
  'ldap:': 'ldap',
  'ldaps:': 'ldap',
  'tcp:': 'tcp',
  'ws:': 'websocket',
  'wss:': 'websocket',
  'grpc:': 'grpc',
  'grpcs:': 'grpc',
  'amqp:': 'rabbitmq',
  'amqps:': 'rabbitmq',
  'nats:': 'nats',
  'natss:': 'nats',
  'mqtt:': 'mqtt',
  'mqtts:': 'mqtt',
  'smtp:': 'smtp',
  'smtps:': 'smtp',
  'imap:': 'imap',
  'imaps:': 'imap',
  'kafka:': 'kafka',
  'kafkas:': 'kafka',
};

/** Servers of others that speak HTTP, and what of them says more than that they answer. */
const TYPE_OF_ENGINE: ReadonlyMap<string, string> = new Map([
  ['clickhouse', 'clickhouse'],
  ['elasticsearch', 'elasticsearch'],
  ['opensearch', 'elasticsearch'],
  ['qdrant', 'vectors'],
  ['weaviate', 'vectors'],
  ['chroma', 'vectors'],
  ['milvus', 'vectors'],
]);

/** A database in a file has no server that could answer: whoever uses it is watched. */
const FILE_SCHEMES: ReadonlySet<string> = new Set(['sqlite:', 'file:']);

/** A server that is somebody else's and speaks HTTP says little by answering it. */
export function typeFor(scheme: string, engine: string | null): string | undefined {
  const isForeign = engine !== null && scheme.startsWith('http');
  return isForeign ? TYPE_OF_ENGINE.get(engine) : TYPE_OF_SCHEME[scheme];
}

/** A database in a file: nobody answers there. */
export function isFileScheme(scheme: string): boolean {
  return FILE_SCHEMES.has(scheme);
}

/** `Did you mean "http:"?`, where one comes near. */
export function schemeMeant(scheme: string): string | undefined {
  return scheme === '' ? undefined : didYouMean(scheme, Object.keys(TYPE_OF_SCHEME));
}
