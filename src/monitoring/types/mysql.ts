import type { Duplex } from 'node:stream';
import * as z from 'zod';
import { DAY_MS, SECOND_MS } from '../../kernel/clock.ts';
import { duration } from '../../kernel/duration.ts';
import { expectations } from '../expectations/expectations.ts';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { converse } from '../protocols/conversation.ts';
import { printHostAndPort, serverAddressOf, serverUrl } from '../protocols/server-address.ts';

const PORT = 3306;
/** Also as SQLAlchemy and Rails write them: people paste the address their application uses. */
const PLAIN = ['mysql', 'mysql2', 'mysql+pymysql', 'mysql+mysqldb', 'mysql+aiomysql', 'mysql+asyncmy', 'mariadb'];
const SECURE = ['mysqls', 'mariadbs'];

const MysqlSettings = z.strictObject({
  mysql: serverUrl({ schemes: [...PLAIN, ...SECURE], example: 'mysql://user:password@db.example:3306/shop' }).describe(
    'Address of the database, e.g. "mysql://user:password@db.example:3306/shop"; mariadb: is the same, mysqls: and ' +
      'mariadbs: are for TLS.',
  ),
  query: z
    .string()
    .min(1)
    .max(10_000)
    .default('select 1')
    .describe('One statement that must succeed, where nothing can be changed. Default: select 1.'),
  lag_max: duration({ minMs: SECOND_MS, maxMs: DAY_MS })
    .optional()
    .describe(
      'How far a replica may be behind before it is degraded, e.g. 30s. Default: replication is not looked at.',
    ),
  expect: expectations(['CONNECTED', 'RESPONSE_TIME', 'BODY'])
    .optional()
    .describe(
      'Conditions that must hold beside the answer to the query, or `{ down: […], degraded: […] }`. [BODY] is the ' +
        'first row: its value where there is one column, otherwise JSON.',
    ),
  verify_tls: z.boolean().default(true).describe('Whether the certificate must be valid. Default true.'),
});
type MysqlSettings = z.output<typeof MysqlSettings>;

export const mysql = defineMonitor({
  type: 'mysql',
  summary:
    'Logs in to a MySQL or MariaDB database, runs a query and measures how many connections are taken (`db_pool`) and ' +
    'how far a replica is behind (`lag`).',
  example: 'db: { mysql: "mysql://app@db.example:3306/shop", query: "select 1 from orders limit 1" }',
  testedAgainst: 'MariaDB 10.11',
  settings: MysqlSettings,
  target: ({ mysql: url }) => printHostAndPort(serverAddressOf(url, PORT)),
  check,
});

async function check(settings: MysqlSettings, io: ProbeIo): Promise<CheckResult> {
  const { query, expect, lag_max: lagMaxMs, verify_tls: verify } = settings;
  const { scheme, host, port, user, password, path } = serverAddressOf(settings.mysql, PORT);
  const asker = { user: user === '' ? 'root' : user, password, database: path };
  const [{ requestTls }, { askMysql }] = await Promise.all([
    import('../protocols/mysql-login.ts'),
    import('../protocols/mysql-session.ts'),
  ]);

  let greeting: Awaited<ReturnType<typeof requestTls>> | undefined;
  const beforeTls = async (socket: Duplex): Promise<void> => {
    greeting = await requestTls(socket, asker);
  };
  const tls = SECURE.includes(scheme) && ({ tls: verify ? 'verified' : 'unverified', beforeTls } as const);
  const connect = () => io.net.tcp.connect({ host, port, ...tls }, io.signal);
  const ticks = () => io.clock.ticks();
  const where = printHostAndPort({ host, port });
  return converse({ where, expect, connect }, io, (socket) =>
    askMysql(socket, { where, asker, query, timeoutMs: io.timeoutMs, lagMaxMs, ticks }, greeting),
  );
}
