import { Secret } from '../../../kernel/secret.ts';
import { errors } from '../errors.ts';

/** A private key of age, and the public one that belongs to it. */
export interface AgeIdentity {
  readonly identity: Secret;
  /** `age1…` */
  readonly recipient: string;
}

export async function generateIdentity(): Promise<AgeIdentity> {
  const { generateX25519Identity, identityToRecipient } = await import('age-encryption');
  const text = await generateX25519Identity();
  return { identity: new Secret(text, 'age key'), recipient: await identityToRecipient(text) };
}

/** The text of a key file, as age-keygen writes it. */
export function identityFile({ identity, recipient }: AgeIdentity, createdAt: number): string {
  const created = new Date(createdAt).toISOString().replace(/\.\d+Z$/, 'Z');
  return `# created: ${created}\n# public key: ${recipient}\n${identity.reveal()}\n`;
}

/**
 * The keys in a file such as age-keygen writes: one on a line, with comments between them. `file` is its text, named
 * after where it is. Rejects with `BACKUP_IDENTITY_INVALID`, which shows nothing of it.
 */
export async function readIdentities(file: Secret): Promise<readonly AgeIdentity[]> {
  const lines = file.reveal().split('\n').entries();
  const found: AgeIdentity[] = [];
  for (const [index, line] of lines) {
    const text = line.trim();
    if (text === '' || text.startsWith('#')) continue;
    const identity = new Secret(text, file.name);
    const problem = foreignTo(text);
    if (problem !== undefined) throw invalid(file, `line ${index + 1} is ${problem}`);
    found.push({ identity, recipient: await recipientOf(identity, `line ${index + 1}`) });
  }
  if (found.length === 0) throw invalid(file, 'there is no key in it');
  return found;
}

/** The public key that belongs to a private one. Rejects with `BACKUP_IDENTITY_INVALID`. */
export async function recipientOf(identity: Secret, place = 'it'): Promise<string> {
  const { identityToRecipient } = await import('age-encryption');
  try {
    return await identityToRecipient(identity.reveal());
  } catch {
    // The library's error quotes the key, so it may not even be the cause.
    throw invalid(identity, `${place} is misspelt: its check sum is wrong`);
  }
}

/** What people put there instead, by how it begins. */
const FOREIGN: readonly (readonly [RegExp, string])[] = [
  [/^AGE-SECRET-KEY-PQ-1/, 'a post-quantum key, which this version does not read'],
  [/^age1/, 'a public key, which only encrypts'],
  [/^AGE-PLUGIN-/, 'a key of a plug-in, which only the program age can use'],
  [/^(?:age-encryption\.org|-----BEGIN AGE ENCRYPTED)/, 'encrypted itself: decrypt the file with `age -d` first'],
  [/^-----BEGIN/, 'a key in PEM, not one of age'],
];

function foreignTo(text: string): string | undefined {
  if (text.startsWith('AGE-SECRET-KEY-1')) return undefined;
  return FOREIGN.find(([start]) => start.test(text))?.[1] ?? 'no key of age';
}

function invalid({ name }: Secret, problem: string): Error {
  return errors.BACKUP_IDENTITY_INVALID({ name, problem });
}
