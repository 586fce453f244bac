import { Complaint } from './conversation.ts';
import { notMysql, type Parts } from './mysql-packets.ts';
import { shown } from './shown.ts';

/** The server refused with an error of its own. */
export class MysqlRefusal extends Complaint {
  readonly number: number;

  constructor(number: number, message: string) {
    super(message);
    this.number = number;
  }
}

export interface Asker {
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** Numbers: https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html and MariaDB's own. */
const MEANINGS: ReadonlyMap<number, (asker: Asker) => string> = new Map<number, (asker: Asker) => string>([
  [1040, () => 'has no connection left: too many connections'],
  [1044, ({ user, database }) => `does not let user ${user} into the database ${database}`],
  [
    1045,
    ({ user, password }) =>
      password === ''
        ? `asks for a password of user ${user}, and none is set`
        : `rejected the password of user ${user}, or lets it in from elsewhere only`,
  ],
  [1049, ({ database }) => `has no database ${database}`],
  [1053, () => 'is shutting down'],
  [
    1129,
    () =>
      'has locked this machine out after many broken connections; run `mariadb-admin flush-hosts` (or `FLUSH HOSTS`)',
  ],
  [1130, () => 'does not let this machine in: no user may come from its address'],
  [1203, ({ user }) => `has no connection left for user ${user}`],
  [1226, ({ user }) => `lets user ${user} do no more for now: a limit of that user is reached`],
  [1698, ({ user }) => `lets user ${user} in without a password or not at all (unix_socket)`],
  [1792, () => 'was asked to change data; a check may only read'],
  [1820, ({ user }) => `wants the password of user ${user} changed: it has expired`],
  [1862, ({ user }) => `wants the password of user ${user} changed: it has expired`],
  [1969, () => 'did not end the query in time'],
  [3024, () => 'did not end the query in time'],
  [3118, ({ user }) => `has locked user ${user}`],
  [3159, () => 'lets clients in over TLS only; write mysqls:// in front of the address'],
  [4151, ({ user }) => `has locked user ${user}`],
]);

/** An error packet, after its first byte. */
export function refusalIn(parts: Parts, asker: Asker): MysqlRefusal {
  const number = parts.number(2);
  const said = parts
    .rest()
    .toString()
    .replace(/^#.{5}/s, '');
  const known = MEANINGS.get(number)?.(asker);
  if (known !== undefined) return new MysqlRefusal(number, known);
  // An echo of what was sent must not be shown.
  if (asker.password !== '' && said.includes(asker.password)) throw notMysql();
  return new MysqlRefusal(number, `answered with the error ${number}: ${shown(said)}`);
}
