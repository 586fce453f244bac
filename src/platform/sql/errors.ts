import { defineErrors } from '../../kernel/errors.ts';

export const errors = defineErrors({
  SQL_INSIDE_OWN_TX: {
    kind: 'defect',
    message: 'The database was used inside its own transaction.',
    hint: 'Use the `tx` of the running transaction; waiting for it to end from inside would never end.',
  },
  SQL_TX_ENDED: {
    kind: 'defect',
    message: 'A transaction was used after it had ended.',
    hint: 'Await everything that uses the `tx` before its function returns.',
  },
  SQL_TX_SPOILT: {
    kind: 'defect',
    message: 'A transaction went on after one of its statements had failed, and was taken back as a whole.',
    hint: 'Let the error of a statement end its transaction.',
  },
  SQL_UNAVAILABLE: {
    kind: 'unavailable',
    message: 'The database at {where} cannot be reached ({cause}).',
    hint: 'Check that it runs and that EVENKEEL_DATABASE_URL is right, then try again.',
  },
  SQL_FILE_UNUSABLE: {
    kind: 'unavailable',
    message: 'The database file {where} cannot be used ({cause}).',
    hint: 'Check the folder, its owner and the free space, or choose another with EVENKEEL_DATA_DIR.',
  },
  SQL_SCHEMA_NEWER: {
    kind: 'conflict',
    message: 'The database has {count} schema steps this version does not know; the newest is {newest}.',
    hint: 'Start the version that made them, or take them back with it: `evenkeel self migrate --down-to <step>`.',
  },
});
