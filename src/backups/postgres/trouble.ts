import { codeOf, messageOf } from '../../kernel/errors.ts';
import type { Trouble } from '../unusable-place.ts';
import { type PostgresAddress, printAddress } from './address.ts';

/** What the server itself complains about carries a state, see PostgreSQL's appendix of error codes. */
export function stateOf(error: unknown): string | undefined {
  return error instanceof Error && 'severity' in error ? codeOf(error) : undefined;
}

const WRONG_PASSWORD = '28P01';
const NO_DATABASE = '3D000';

/** What keeps us from getting in there. */
export function troubleWith(address: PostgresAddress, error: unknown): Trouble {
  const where = printAddress(address);
  if (isPasswordMissing(address, error)) {
    return {
      where,
      cause: 'it asks for a password, and none is set',
      remedy: 'Set PGPASSWORD, or PGPASSFILE to a file with the password.',
    };
  }
  if (stateOf(error) !== NO_DATABASE) return { where, cause: causeOf(error) };
  return {
    where,
    cause: `there is no database ${address.database}`,
    remedy: `Make it with \`${createdb(address)}\`.`,
  };
}

/** The driver refuses to begin SCRAM without one; for older ways the server is who refuses. */
function isPasswordMissing({ password }: PostgresAddress, error: unknown): boolean {
  if (password.reveal() !== '') return false;
  return stateOf(error) === WRONG_PASSWORD || messageOf(error).startsWith('SASL: ');
}

function createdb({ host, port, user, database }: PostgresAddress): string {
  return `createdb -h ${shellWord(host)} -p ${port} -U ${shellWord(user)} ${shellWord(database)}`;
}

function shellWord(text: string): string {
  return /^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** A code of the network says it all; what the server or the driver says is a sentence. */
function causeOf(error: unknown): string {
  const code = codeOf(error);
  const isSentence = stateOf(error) !== undefined || !/^[A-Z][A-Z\d]+(?:_[A-Z\d]+)*$/.test(code);
  return isSentence ? messageOf(error).replace(/\.$/, '') : code;
}
