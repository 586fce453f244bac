/** A server nobody on the team wrote, and the traces it leaves in other people's files. */
export interface Engine {
  readonly engine: string;
  /** What a service of this kind is called when nobody has named it. */
  readonly name: string;
  /** Engines with the same port speak the same protocol: a client of one is a client of the other. */
  readonly port: number;
  /** Whether Evenkeel asks it in its own language once it has the address; the others are watched by their port. */
  readonly hasMonitor: boolean;
  /** Last parts of image names. */
  readonly images: readonly string[];
  /** Variables that usually hold its address. */
  readonly variables: readonly string[];
  /** Client packages of npm and PyPI. */
  readonly packages: readonly string[];
  /** Schemes of its addresses. */
  readonly schemes: readonly string[];
}

const ENGINES: readonly Engine[] = [
  {
    engine: 'postgres',
    name: 'db',
    port: 5432,
    hasMonitor: true,
    images: ['postgres', 'postgresql', 'postgis', 'timescaledb', 'pgvector'],
    variables: ['DATABASE_URL', 'POSTGRES_URL', 'POSTGRES_URI', 'POSTGRES_DSN', 'PG_URL', 'PGHOST', 'POSTGRES_HOST'],
    packages: ['pg', 'postgres', 'psycopg', 'psycopg2', 'psycopg2-binary', 'asyncpg'],
    schemes: ['postgres', 'postgresql'],
  },
  {
    engine: 'mysql',
    name: 'db',
    port: 3306,
    hasMonitor: true,
    images: ['mysql', 'mysql-server', 'percona'],
    variables: ['MYSQL_URL', 'MYSQL_HOST'],
    packages: ['mysql', 'mysql2', 'pymysql', 'mysqlclient', 'aiomysql'],
    schemes: ['mysql'],
  },
  {
    engine: 'mariadb',
    name: 'db',
    port: 3306,
    hasMonitor: true,
    images: ['mariadb'],
    variables: ['MARIADB_URL', 'MARIADB_HOST'],
    packages: ['mariadb'],
    schemes: ['mariadb'],
  },
  {
    engine: 'mongodb',
    name: 'mongodb',
    port: 27017,
    hasMonitor: true,
    images: ['mongo', 'mongodb', 'mongodb-community-server'],
    variables: ['MONGO_URL', 'MONGO_URI', 'MONGODB_URL', 'MONGODB_URI'],
    packages: ['mongodb', 'mongoose', 'pymongo', 'motor'],
    schemes: ['mongodb', 'mongodb+srv'],
  },
  {
    engine: 'redis',
    name: 'cache',
    port: 6379,
    hasMonitor: true,
    images: ['redis', 'redis-stack', 'redis-stack-server'],
    variables: ['REDIS_URL', 'REDIS_URI', 'REDIS_HOST', 'CACHE_URL', 'CELERY_BROKER_URL'],
    packages: ['redis', 'ioredis', 'bullmq'],
    schemes: ['redis', 'rediss'],
  },
  {
    engine: 'valkey',
    name: 'cache',
    port: 6379,
    hasMonitor: true,
    images: ['valkey'],
    variables: ['VALKEY_URL'],
    packages: ['iovalkey', 'valkey'],
    schemes: [],
  },
  {
    engine: 'memcached',
    name: 'memcached',
    port: 11211,
    hasMonitor: false,
    images: ['memcached'],
    variables: ['MEMCACHED_URL', 'MEMCACHED_SERVERS'],
    packages: ['memcached', 'pymemcache'],
    schemes: [],
  },
  {
    engine: 's3',
    name: 'uploads',
    port: 9000,
    hasMonitor: false,
    images: ['minio', 'rustfs', 'garage', 'seaweedfs'],
    variables: ['S3_URL', 'S3_ENDPOINT', 'S3_BUCKET', 'AWS_S3_BUCKET', 'AWS_STORAGE_BUCKET_NAME', 'MINIO_ENDPOINT'],
    packages: ['@aws-sdk/client-s3', 'minio', 'boto3'],
    schemes: ['s3'],
  },
  {
    engine: 'rabbitmq',
    name: 'queue',
    port: 5672,
    hasMonitor: true,
    images: ['rabbitmq'],
    variables: ['RABBITMQ_URL', 'AMQP_URL', 'CLOUDAMQP_URL'],
    packages: ['amqplib', 'amqp-connection-manager', 'pika', 'aio-pika'],
    schemes: ['amqp', 'amqps'],
  },
  {
    engine: 'nats',
    name: 'nats',
    port: 4222,
    hasMonitor: true,
    images: ['nats'],
    variables: ['NATS_URL', 'NATS_SERVERS'],
    packages: ['nats', 'nats-py', '@nats-io/transport-node'],
    schemes: ['nats'],
  },
  {
    engine: 'kafka',
    name: 'kafka',
    port: 9092,
    hasMonitor: false,
    images: ['kafka', 'cp-kafka', 'redpanda'],
    variables: ['KAFKA_BROKERS', 'KAFKA_URL', 'KAFKA_BOOTSTRAP_SERVERS'],
    packages: ['kafkajs', 'kafka-python', 'aiokafka', 'confluent-kafka'],
    schemes: [],
  },
  {
    engine: 'mosquitto',
    name: 'mqtt',
    port: 1883,
    hasMonitor: true,
    images: ['eclipse-mosquitto', 'mosquitto'],
    variables: ['MQTT_URL', 'MQTT_HOST'],
    packages: ['mqtt', 'paho-mqtt', 'aiomqtt'],
    schemes: ['mqtt', 'mqtts'],
  },
  {
    engine: 'elasticsearch',
    name: 'search',
    port: 9200,
    hasMonitor: true,
    images: ['elasticsearch'],
    variables: ['ELASTICSEARCH_URL', 'ELASTIC_URL'],
    packages: ['@elastic/elasticsearch', 'elasticsearch'],
    schemes: [],
  },
  {
    engine: 'opensearch',
    name: 'search',
    port: 9200,
    hasMonitor: true,
    images: ['opensearch'],
    variables: ['OPENSEARCH_URL'],
    packages: ['@opensearch-project/opensearch', 'opensearch-py'],
    schemes: [],
  },
  {
    engine: 'clickhouse',
    name: 'clickhouse',
    port: 8123,
    hasMonitor: true,
    images: ['clickhouse', 'clickhouse-server'],
    variables: ['CLICKHOUSE_URL'],
    packages: ['@clickhouse/client', 'clickhouse-connect', 'clickhouse-driver'],
    schemes: ['clickhouse'],
  },
];

export function engineOfPackage(name: string): Engine | undefined {
  return ENGINES.find(({ packages }) => packages.includes(name));
}

export function engineOfVariable(name: string): Engine | undefined {
  return ENGINES.find(({ variables }) => variables.includes(name));
}

export function engineOfScheme(scheme: string): Engine | undefined {
  return ENGINES.find(({ schemes }) => schemes.includes(scheme));
}

export function engineNamed(engine: string): Engine | undefined {
  return ENGINES.find((candidate) => candidate.engine === engine);
}

/** `registry.example:5000/library/postgres:16-alpine@sha256:…` is PostgreSQL. */
export function engineOfImage(image: string): Engine | undefined {
  const name = image.split('@')[0]?.split('/').at(-1)?.split(':')[0] ?? '';
  return ENGINES.find(({ images }) => images.includes(name));
}
