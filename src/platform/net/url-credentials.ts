import { percentDecoded } from '../../kernel/percent-decoded.ts';
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** What stands before the @ of an address; undefined when nothing does. */
export function credentialsIn({ username, password }: URL): Credentials | undefined {
  return username === '' && password === ''
    ? undefined
    : { user: percentDecoded(username), password: percentDecoded(password) };
}

/** The value of a header that shows them (RFC 7617). */
export function asBasic({ user, password }: Credentials): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
