import { defineErrors } from '../kernel/errors.ts';

export const errors = defineErrors({
  KEYS_EXIST: {
    kind: 'conflict',
    message: 'There is a {file} in {folder} already; no key was made.',
    hint: 'Keys are never overwritten, for older backups need them. See them with `evenkeel key show`, or choose another --folder.',
  },
  KEYS_MISSING: {
    kind: 'not_found',
    message: 'There are no keys in {folder}.',
    hint: 'Make some with `evenkeel key create`, or say with --folder where they are.',
  },
  KEY_FILE_UNUSABLE: {
    kind: 'unavailable',
    message: '{path} cannot be {done} ({cause}).',
    hint: 'Check that the folder belongs to this user and that there is space; then try again.',
  },
});
