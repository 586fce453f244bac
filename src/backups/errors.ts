import { defineErrors } from '../kernel/errors.ts';

/** What goes wrong between asking for a backup and having it, and in the places where they are kept. */
export const errors = defineErrors({
  BACKUP_DUMP_EMPTY: {
    kind: 'unavailable',
    message: 'The dump of {service} is empty: not a single byte.',
    hint: 'Look at the database itself; nothing of this attempt is kept.',
  },
  BACKUP_IDENTITY_MISSING: {
    kind: 'conflict',
    message: 'There is no private age key on this server, and nothing can be restored without one.',
    hint: 'Set EVENKEEL_AGE_IDENTITY_FILE to the platform.agekey that `evenkeel key create` wrote.',
  },
  BACKUP_MISPLACED: {
    kind: 'forbidden',
    message: 'The backup in {folder} belongs in {place}: somebody has copied or renamed it.',
    hint: 'Do not restore it from there. Find out who can write to the vault.',
  },
  BACKUP_NOT_READABLE: {
    kind: 'unavailable',
    message: 'What was written to the vault {vault} cannot be read back: {problem}',
    hint: 'Check the disk behind {where}; nothing of this attempt is kept.',
  },
  BACKUP_PROOF_FAILED: {
    kind: 'conflict',
    message: 'The restored {service} is not what it should be: {differences}.',
    hint: 'Restore it beside the source with `evenkeel backup restore`, and look at it.',
  },
  BACKUP_RESTORE_DIFFERS: {
    kind: 'conflict',
    message: 'The backup was restored to {where}, but it is not what it was: {differences}.',
    hint: 'What was restored is still there: look at it before you use it, or take an older backup.',
  },
  BACKUP_RUN_DEFECT: {
    kind: 'defect',
    message: 'Something broke inside Evenkeel.',
    hint: 'The log of the server has the cause, with the id {run}. Please report it.',
  },
  BACKUP_RUN_DIED: {
    kind: 'unavailable',
    message: 'It ended when its process died.',
    hint: 'Look into the log for why; it is tried again by itself.',
  },
  BACKUP_RUN_TOO_LONG: {
    kind: 'unavailable',
    message: 'It was ended after {hours} hours.',
    hint: 'Find out what keeps the database or the vault so slow.',
  },
  BACKUP_RUN_UNKNOWN: {
    kind: 'not_found',
    message: 'There is no run {id}.',
    hint: 'Runs are forgotten after 90 days; `evenkeel backup list` shows the backups.',
  },
  BACKUP_SERVICE_AMBIGUOUS: {
    kind: 'conflict',
    message: 'This vault has backups of {service} from several places: {places}.',
    hint: 'Name one backup by its id; `evenkeel backup list --vault` shows them.',
  },
  BACKUP_SIGNER_NOT_PINNED: {
    kind: 'conflict',
    message: 'The key that signs backups on this server, {signer}, is none of keys.signers.',
    hint: 'Add it to keys.signers in evenkeel.yaml, or set EVENKEEL_SIGNING_KEY_FILE to the key that is meant.',
  },
  BACKUP_SIGNING_KEY_MISSING: {
    kind: 'conflict',
    message: 'There is no key to sign backups with, so none is made.',
    hint: 'Make keys with `evenkeel key create`, and set EVENKEEL_SIGNING_KEY_FILE to its signing.pem.',
  },
  BACKUP_SOURCE_UNKNOWN: {
    kind: 'not_found',
    message: 'The service {service} is not backed up.',
    hint: 'Add `backup: true` to it in evenkeel.yaml; `evenkeel check` says what is missing.',
  },
  BACKUP_UNKNOWN: {
    kind: 'not_found',
    message: 'There is no backup {id}.',
    hint: 'List them with `evenkeel backup list`.',
  },
  BACKUP_VAULT_GONE: {
    kind: 'conflict',
    message: 'The backup {id} is in {vaults}, and evenkeel.yaml has no such vault any more.',
    hint: 'Put it back under `vaults`, or restore from the folder itself with --vault.',
  },
  VAULT_ENTRY_EXISTS: {
    kind: 'conflict',
    message: 'The vault {vault} already has {path}.',
    hint: 'Nothing in a vault is ever overwritten; look at it with `evenkeel backup list`.',
  },
  VAULT_ENTRY_MISSING: {
    kind: 'not_found',
    message: 'The vault {vault} has no {path}.',
    hint: 'List what it has with `evenkeel backup list`.',
  },
  VAULT_ENTRY_TOO_LONG: {
    kind: 'too_large',
    message: '{path} in the vault {vault} is longer than the {bytesMax} bytes it may have.',
    hint: 'It was not written by Evenkeel; find out who put it there.',
  },
  VAULT_FULL: {
    kind: 'unavailable',
    message: 'The vault {vault} has no space left.',
    hint: 'Free some space at {where}, or keep fewer backups with `keep` in evenkeel.yaml; then `evenkeel backup run`.',
  },
  VAULT_PATH_REFUSED: {
    kind: 'invalid',
    message: '{path} is not a path inside of the vault {vault}.',
    hint: 'Paths in a vault are relative, without `..` and without links.',
  },
  VAULT_UNUSABLE: {
    kind: 'unavailable',
    message: 'The vault {vault} cannot be used: {cause}.',
    hint: 'Check that {where} is there, belongs to this user and can be written.',
  },
});
