import { Secret } from '../kernel/secret.ts';
import { TextWithSecrets } from './written.ts';

/** What is called like one of these is a credential. */
const TELLING = /pass|pwd|secret|token|api[-_]?key|^key$|auth|signature|^sig$|credential|cookie|session/i;

export function isTelling(name: string): boolean {
  return TELLING.test(name);
}

/**
 * An address with its password, and what its query calls a secret, taken out. The rest is kept to the letter. `name` is
 * what the password is called, e.g. `password`.
 */
export function addressText(address: string, name = 'password'): string | TextWithSecrets {
  const parts: (string | Secret)[] = [];
  let end = 0;
  for (const match of address.matchAll(CREDENTIAL)) {
    const secret = secretIn(match.groups ?? {}, name);
    if (secret === undefined) continue;
    const start = match.index + match[0].length - secret.reveal().length;
    parts.push(address.slice(end, start), secret);
    end = match.index + match[0].length;
  }
  return parts.length === 0 ? address : new TextWithSecrets([...parts, address.slice(end)]);
}

function secretIn(groups: Readonly<Record<string, string>>, name: string): Secret | undefined {
  const { password, key = '', value = '' } = groups;
  if (password !== undefined) return new Secret(password, name);
  return isTelling(key) && value !== '' ? new Secret(value, key) : undefined;
}

/** The password up to the last `@` before the path, and each `key=value` of the query. */
const CREDENTIAL =
  /(?:^[a-z][\w+.-]*:\/\/[^\s/?#:@]*:(?<password>[^\s/?#]+)(?=@))|(?:[?&](?<key>[^=&#]+)=(?<value>[^&#]*))/gi;
