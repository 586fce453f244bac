import { defineErrors } from '../kernel/errors.ts';

/** What goes wrong between a database and its dump. Causes come from other programs, and carry no passwords. */
export const errors = defineErrors({
  BACKUP_DUMP_FAILED: {
    kind: 'unavailable',
    message: '{service} could not be read out: {cause}.',
    hint: 'Put that right and run `evenkeel backup run {service}`; nothing of this attempt is kept.',
  },
  BACKUP_DUMP_UNREADABLE: {
    kind: 'unavailable',
    message: 'The dump cannot be read by {tool}: {cause}.',
    hint: 'Take another backup with `evenkeel backup run`, and look at the older ones with `evenkeel backup list`.',
  },
  BACKUP_EXTENSION_MISSING: {
    kind: 'unavailable',
    message: 'The database uses the extension {extension}, which {cause}.',
    hint: '{remedy}',
  },
  BACKUP_PROGRAM_MISSING: {
    kind: 'unavailable',
    message: '{program} is not installed on this machine, but {purpose} needs it.',
    hint: 'Install it with `apt-get install {package}`; for versions Debian does not have, add apt.postgresql.org first.',
  },
  BACKUP_PROGRAM_TOO_OLD: {
    kind: 'unavailable',
    message: '{program} {version} is older than the PostgreSQL {wanted} that {purpose} needs it for.',
    hint: 'Install it with `apt-get install {package}`; for versions Debian does not have, add apt.postgresql.org first.',
  },
  BACKUP_RESTORE_FAILED: {
    kind: 'unavailable',
    message: 'The dump could not be loaded into {where}: {cause}.',
    hint: 'Put that right and try again; what was loaded has been removed.',
  },
  BACKUP_SCRATCH_FAILED: {
    kind: 'unavailable',
    message: 'No scratch database could be made to restore into: {cause}.',
    hint: 'Check the free space in the folder for temporary files; TMPDIR names another one.',
  },
  BACKUP_SOURCE_UNUSABLE: {
    kind: 'unavailable',
    message: '{where} cannot be used: {cause}.',
    hint: 'Check its `url` in evenkeel.yaml and that the server answers; then run `evenkeel backup run`.',
  },
  BACKUP_TARGET_EXISTS: {
    kind: 'conflict',
    message: 'There is a {name} at {where} already.',
    hint: 'Choose another name: a restore never overwrites anything.',
  },
  BACKUP_TARGET_NAME_INVALID: {
    kind: 'invalid',
    message: '{name} cannot be the name of a restored database.',
    hint: 'Use lowercase letters, digits and _, beginning with a letter, 63 at most: e.g. shop_yesterday.',
  },
  BACKUP_TARGET_NOT_EMPTY: {
    kind: 'conflict',
    message: '{where} is not empty: it has {count} tables, views or sequences.',
    hint: 'Name an empty database: a restore never mixes with what is there.',
  },
  BACKUP_TARGET_UNUSABLE: {
    kind: 'unavailable',
    message: 'Nothing can be restored into {where}: {cause}.',
    hint: '{remedy} Then restore again.',
  },
});
