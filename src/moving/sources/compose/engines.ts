import { type Fields, listIn, textIn } from '../../fields.ts';
import { type TextPart, TextWithSecrets, type Written } from '../../written.ts';
import { type Environment, plainPart, secretPart } from './environment.ts';

/** A server that nobody on the team wrote, known by its image. */
export interface Engine {
  readonly images: readonly string[];
  /** Where it listens in its container. */
  readonly port: number;
  /** Undefined when it cannot be logged in with what the file says; then its port is watched. */
  watch(place: readonly TextPart[], environment: Environment, service: Fields): Watch | undefined;
}

export type Watch = { readonly [key: string]: Written };

type Account = { readonly user?: string | undefined; readonly password?: string | undefined };

const ENGINES: readonly Engine[] = [
  {
    images: ['postgres', 'postgresql', 'postgis', 'timescaledb', 'pgvector'],
    port: 5432,
    watch(place, environment) {
      const password = environment.get('POSTGRES_PASSWORD');
      const trusts = environment.get('POSTGRES_HOST_AUTH_METHOD') === 'trust';
      if (password === undefined && !trusts) return undefined;
      const user = environment.get('POSTGRES_USER') ?? 'postgres';
      const database = plainPart(environment.get('POSTGRES_DB') ?? user);
      return { postgres: address('postgres', place, { user, password }, ['/', ...database]) };
    },
  },
  {
    images: ['mysql', 'mysql-server', 'percona'],
    port: 3306,
    watch: (place, variables) => mysql('MYSQL', place, variables),
  },
  {
    images: ['mariadb'],
    port: 3306,
    watch: (place, variables) => mysql('MARIADB', place, variables) ?? mysql('MYSQL', place, variables),
  },
  {
    images: ['redis', 'valkey', 'redis-stack', 'redis-stack-server'],
    port: 6379,
    watch(place, environment, service) {
      const password =
        requiredPassword(service) ?? environment.get('REDIS_PASSWORD') ?? environment.get('VALKEY_PASSWORD');
      return { redis: address('redis', place, password === undefined ? {} : { user: '', password }) };
    },
  },
  {
    images: ['rabbitmq'],
    port: 5672,
    watch(place, environment) {
      const [user, password] = [environment.get('RABBITMQ_DEFAULT_USER'), environment.get('RABBITMQ_DEFAULT_PASS')];
      // The account that is there when none is made is let in from within the container only.
      if (user === undefined || password === undefined) return undefined;
      const host = environment.get('RABBITMQ_DEFAULT_VHOST');
      return {
        rabbitmq: address('amqp', place, { user, password }, host === undefined ? [] : ['/', ...plainPart(host)]),
      };
    },
  },
  {
    images: ['mongo', 'mongodb', 'mongodb-community-server'],
    port: 27_017,
    watch(place, environment) {
      const user = environment.get('MONGO_INITDB_ROOT_USERNAME');
      const password = environment.get('MONGO_INITDB_ROOT_PASSWORD');
      if ((user === undefined) !== (password === undefined)) return undefined;
      return {
        mongodb: address('mongodb', place, { user, password }, user === undefined ? [] : ['/?authSource=admin']),
      };
    },
  },
  {
    images: ['elasticsearch'],
    port: 9200,
    watch(place, environment) {
      const isOpen = environment.get('xpack.security.enabled') === 'false';
      return isOpen ? { elasticsearch: address('http', place, {}) } : undefined;
    },
  },
  {
    images: ['opensearch'],
    port: 9200,
    watch(place, environment) {
      const isOpen = ['plugins.security.disabled', 'DISABLE_SECURITY_PLUGIN'].some(
        (name) => environment.get(name) === 'true',
      );
      return isOpen ? { elasticsearch: address('http', place, {}) } : undefined;
    },
  },
  { images: ['nats'], port: 4222, watch: (place) => ({ nats: address('nats', place, {}) }) },
  { images: ['eclipse-mosquitto', 'mosquitto'], port: 1883, watch: (place) => ({ mqtt: address('mqtt', place, {}) }) },
];

/** Of `registry:5000/team/postgres:16@sha256:…`, by the last part. */
export function engineOf(image: string): Engine | undefined {
  const name = image.split('@')[0]?.split('/').at(-1)?.split(':')[0] ?? '';
  return ENGINES.find(({ images }) => images.includes(name));
}

function mysql(prefix: string, place: readonly TextPart[], environment: Environment): Watch | undefined {
  const own = { user: environment.get(`${prefix}_USER`), password: environment.get(`${prefix}_PASSWORD`) };
  const root = { user: 'root', password: environment.get(`${prefix}_ROOT_PASSWORD`) };
  const account = [own, root].find(({ user, password }) => user !== undefined && password !== undefined);
  if (account === undefined) return undefined;
  const database = environment.get(`${prefix}_DATABASE`);
  return { mysql: address('mysql', place, account, database === undefined ? [] : ['/', ...plainPart(database)]) };
}

function requiredPassword(service: Fields): string | undefined {
  const listed = listIn(service, 'command').map(String);
  const words = listed.length > 0 ? listed : (textIn(service, 'command') ?? '').split(/\s+/);
  const at = words.indexOf('--requirepass');
  return at === -1 ? undefined : words[at + 1]?.replaceAll(/^["']|["']$/g, '');
}

function address(
  scheme: string,
  place: readonly TextPart[],
  { user, password }: Account,
  rest: readonly TextPart[] = [],
): Written {
  const login =
    user === undefined
      ? []
      : [...plainPart(user), ...(password === undefined ? [] : [':', ...secretPart(password)]), '@'];
  return new TextWithSecrets([`${scheme}://`, ...login, ...place, ...rest]);
}
