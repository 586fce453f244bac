import { Secret } from '../../kernel/secret.ts';
import { type AgeIdentity, generateIdentity, identityFile, readIdentities } from './age/keys.ts';
import { fingerprintOf, generateSigningKey, readSigningKey } from './signing.ts';

/** The files that `evenkeel key create` makes, in the order people need them. */
export const KEY_FILES = [
  {
    file: 'platform.agekey',
    use: 'Opens backups, so that the server can prove them by a restore.',
    place: 'It stays on the server; EVENKEEL_AGE_IDENTITY_FILE names it.',
  },
  {
    file: 'offline.agekey',
    use: 'Opens backups when the server is lost.',
    place: 'Print it, lock the page away, and delete it here.',
  },
  {
    file: 'signing.pem',
    use: 'Signs backups, so that nobody can slip in one of their own.',
    place: 'It stays on the server; EVENKEEL_SIGNING_KEY_FILE names it.',
  },
] as const;

export type KeyFile = (typeof KEY_FILES)[number]['file'];

/** What may be shown of a key. */
export interface PublicHalf {
  /** `age1…` or `ed25519:…` */
  readonly publicKey: string;
  /** To be compared by eye, e.g. `3f2a 91c0 77de 04b8`. */
  readonly fingerprint: string;
}

export interface NewKeys {
  /** The text of each file. */
  readonly texts: Readonly<Record<KeyFile, Secret>>;
  readonly publicHalves: Readonly<Record<KeyFile, PublicHalf>>;
}

/** Makes all keys that backups need. Nothing is written. */
export async function makeKeys(createdAt: number): Promise<NewKeys> {
  const [platform, offline] = [await generateIdentity(), await generateIdentity()];
  const { pem, signer } = generateSigningKey();
  return {
    texts: {
      'platform.agekey': new Secret(identityFile(platform, createdAt), 'platform.agekey'),
      'offline.agekey': new Secret(escrowSheet(offline, { signer, createdAt }), 'offline.agekey'),
      'signing.pem': pem,
    },
    publicHalves: {
      'platform.agekey': publicHalf(platform.recipient),
      'offline.agekey': publicHalf(offline.recipient),
      'signing.pem': publicHalf(signer),
    },
  };
}

/**
 * What may be shown of a key file. Rejects with `BACKUP_IDENTITY_INVALID` or `BACKUP_SIGNING_KEY_INVALID` when it is
 * none.
 */
export async function publicHalfOf(file: KeyFile, text: Secret): Promise<PublicHalf> {
  if (file === 'signing.pem') return publicHalf(readSigningKey(text).signer);
  const [first] = await readIdentities(text);
  return publicHalf(first?.recipient ?? '');
}

/** The section `keys:` of evenkeel.yaml. */
export function keysSection(keys: Readonly<Record<KeyFile, PublicHalf>>): string {
  return [
    'keys:',
    '  recipients:',
    `    - ${keys['platform.agekey'].publicKey} # platform.agekey`,
    `    - ${keys['offline.agekey'].publicKey} # offline.agekey`,
    '  signers:',
    `    - "${keys['signing.pem'].publicKey}" # signing.pem`,
    '',
  ].join('\n');
}

/**
 * The offline key, as the page that goes into a safe: a key file that age reads, with all that somebody needs to know
 * who finds it on the worst day.
 */
function escrowSheet(key: AgeIdentity, { signer, createdAt }: { signer: string; createdAt: number }): string {
  const page = `THE OFFLINE KEY TO THE BACKUPS

Whoever has the last line of this page can open every backup. Print it, lock the page away, and delete this
file from the server.

fingerprint of this key: ${fingerprintOf(key.recipient)}

Backups are signed by
    ${signer}
    fingerprint: ${fingerprintOf(signer)}

When the server is lost:
1. Take a machine with Debian: sudo apt-get install age zstd openssl
2. Put the last line of this page, exactly as it stands, into a file called offline.agekey.
   age-keygen -y offline.agekey      has to print the public key that stands below.
3. In the vault, or a copy of it, go to the newest folder of the service that has a manifest.json.
4. Do what RESTORE.md says there. Stop if it names another signer than this page.
`;
  const comment = page.replaceAll(/^(?<text>.*)$/gm, (line) => `# ${line}`.trimEnd()).trimEnd();
  return `${comment}\n${identityFile(key, createdAt)}`;
}

function publicHalf(publicKey: string): PublicHalf {
  return { publicKey, fingerprint: fingerprintOf(publicKey) };
}
