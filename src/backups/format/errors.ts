import { defineErrors } from '../../kernel/errors.ts';

/** What can be wrong with a backup itself, and with the keys that it is made with. */
export const errors = defineErrors({
  BACKUP_DAMAGED: {
    kind: 'conflict',
    message: 'The backup is damaged: {problem}.',
    hint: 'Try its copy in another vault, or an older backup: `evenkeel backup list`.',
  },
  BACKUP_FORMAT_UNKNOWN: {
    kind: 'conflict',
    message: 'The backup is of the format {format}; this version of Evenkeel reads {known}.',
    hint: 'Install the version that made it, or follow the RESTORE.md beside it, which needs no Evenkeel.',
  },
  BACKUP_IDENTITY_INVALID: {
    kind: 'invalid',
    message: '{name} is not a file with private age keys: {problem}.',
    hint: 'It has lines that start with AGE-SECRET-KEY-1, as `evenkeel key create` and age-keygen write them.',
  },
  BACKUP_MANIFEST_INVALID: {
    kind: 'conflict',
    message: 'The manifest.json of the backup cannot be read: {problem}.',
    hint: 'Try its copy in another vault, or an older backup: `evenkeel backup list`.',
  },
  BACKUP_RECIPIENT_INVALID: {
    kind: 'invalid',
    message: '"{recipient}" is not a public age key.',
    hint: 'Correct keys.recipients in evenkeel.yaml; `evenkeel key show` prints the keys you have.',
  },
  BACKUP_RECIPIENTS_TOO_FEW: {
    kind: 'invalid',
    message: 'Backups are encrypted for two different keys at least, and keys.recipients has {count}.',
    hint: 'Make a pair with `evenkeel key create`: one for the server, and one that you take away from it.',
  },
  BACKUP_SIGNATURE_INVALID: {
    kind: 'forbidden',
    message: 'The signature of the backup is not by {signer}: the backup was changed, or somebody else made it.',
    hint: 'Do not restore it. Find out who can write to the vault, and take an older backup or the copy in another vault.',
  },
  BACKUP_SIGNER_INVALID: {
    kind: 'invalid',
    message: '"{signer}" is not a public signing key.',
    hint: 'It looks like ed25519:… with 44 characters after the colon; `evenkeel key show` prints yours.',
  },
  BACKUP_SIGNER_UNKNOWN: {
    kind: 'forbidden',
    message: 'The backup is signed by {signer}, which is none of the {count} keys that are believed.',
    hint: 'If that key is yours, add it to keys.signers in evenkeel.yaml, or name it with --signer.',
  },
  BACKUP_SIGNING_KEY_INVALID: {
    kind: 'invalid',
    message: '{name} is not a private ed25519 key in PEM.',
    hint: 'Set EVENKEEL_SIGNING_KEY_FILE to the signing.pem that `evenkeel key create` wrote.',
  },
  BACKUP_WRONG_KEY: {
    kind: 'forbidden',
    message: '{tried} the backup, which was encrypted for {recipients}.',
    hint: 'Set EVENKEEL_AGE_IDENTITY_FILE, or --identity, to the key of one of its recipients; manifest.json names them.',
  },
});
