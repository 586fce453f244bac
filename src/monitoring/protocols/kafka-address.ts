import { percentDecoded } from '../../kernel/percent-decoded.ts';
import { parseHostAndPort } from './server-address.ts';

export interface KafkaAddress {
  readonly isEncrypted: boolean;
  readonly user: string;
  readonly password: string;
  /** Brokers to begin with, each of which knows all the others. */
  readonly brokers: readonly { readonly host: string; readonly port: number }[];
}

const PORT = 9092;
const BROKERS_MAX = 20;
const SHAPE = /^(?:(?<scheme>kafkas?):\/\/)?(?:(?<user>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<brokers>[^@/?#]+)\/?$/;

/** `a.example:9092,b.example:9092`, or the same as `kafka://user:password@…`; undefined when it is neither. */
export function parseKafkaAddress(written: string): KafkaAddress | undefined {
  const { scheme, user = '', password = '', brokers = '' } = SHAPE.exec(written)?.groups ?? {};
  const parsed = brokers
    .split(',')
    .map((broker) => parseHostAndPort(/:\d+$/.test(broker) ? broker : `${broker}:${PORT}`));
  const known = parsed.filter((broker) => broker !== undefined);
  if (known.length < parsed.length || known.length > BROKERS_MAX) return undefined;
  return {
    isEncrypted: scheme === 'kafkas',
    user: percentDecoded(user),
    password: percentDecoded(password),
    brokers: known,
  };
}
