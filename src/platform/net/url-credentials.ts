export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** What stands before the @ of an address; undefined when nothing does. */
export function credentialsIn({ username, password }: URL): Credentials | undefined {
  return username === '' && password === '' ? undefined : { user: decoded(username), password: decoded(password) };
}

/** The value of a header that shows them (RFC 7617). */
export function asBasic({ user, password }: Credentials): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A lone per cent sign means itself.
    return part;
  }
}
