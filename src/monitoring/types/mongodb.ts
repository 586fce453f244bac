import * as z from 'zod';
import { expectations } from '../expectations/expectations.ts';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { converse } from '../protocols/conversation.ts';
import { printHostAndPort, type ServerAddress, serverAddressOf, serverUrl } from '../protocols/server-address.ts';

const PORT = 27_017;

const MongodbSettings = z.strictObject({
  mongodb: serverUrl({ schemes: ['mongodb'], example: 'mongodb://user:password@db.example:27017/shop' }).describe(
    'Address of one server, e.g. "mongodb://user:password@db.example:27017/shop?authSource=admin"; tls, authSource, ' +
      'authMechanism and replicaSet as in its drivers. Every member of a replica set is a monitor of its own.',
  ),
  expect: expectations(['CONNECTED', 'RESPONSE_TIME', 'BODY'])
    .optional()
    .describe(
      'Conditions that must hold beside an answer to ping, or `{ down: […], degraded: […] }`. [BODY] is what the ' +
        'server says of itself, e.g. [BODY].setName.',
    ),
  verify_tls: z.boolean().default(true).describe('Whether the certificate must be valid. Default true.'),
});
type MongodbSettings = z.output<typeof MongodbSettings>;

export const mongodb = defineMonitor({
  type: 'mongodb',
  summary:
    'Logs in to a MongoDB server, pings it, sees that its replica set has a primary and measures how many connections ' +
    'are taken (`db_pool`).',
  example: 'db: { mongodb: "mongodb://app@db.example:27017/shop?authSource=admin&replicaSet=rs0&tls=true" }',
  testedAgainst: 'a local server that speaks the wire protocol of MongoDB, which its own driver accepts',
  settings: MongodbSettings,
  target: ({ mongodb: url }) => printHostAndPort(serverAddressOf(url, PORT)),
  check,
});

async function check(settings: MongodbSettings, io: ProbeIo): Promise<CheckResult> {
  const address = serverAddressOf(settings.mongodb, PORT);
  const { host, port } = address;
  const { askMongo } = await import('../protocols/mongodb-session.ts');
  const isSecure = ['tls', 'ssl'].some((name) => address.parameters.get(name) === 'true');
  const tls = isSecure && ({ tls: settings.verify_tls ? 'verified' : 'unverified' } as const);
  const connect = () => io.net.tcp.connect({ host, port, ...tls }, io.signal);
  const partner = { where: printHostAndPort({ host, port }), expect: settings.expect, connect };
  return converse(partner, io, (socket) => askMongo(socket, askerOf(address), io));
}

/** As its drivers read it: the user is known in the database of the address, or in `admin` where there is none. */
function askerOf({ user, password, path, parameters }: ServerAddress) {
  const database = path === '' ? 'admin' : path;
  return {
    user,
    password,
    database,
    authSource: parameters.get('authSource') ?? database,
    mechanism: parameters.get('authMechanism') ?? undefined,
    replicaSet: parameters.get('replicaSet') ?? undefined,
  };
}
