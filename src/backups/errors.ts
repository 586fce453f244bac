import { defineErrors } from '../kernel/errors.ts';

export const errors = defineErrors({
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
