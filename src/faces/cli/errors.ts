import { defineErrors } from '../../kernel/errors.ts';

export const errors = defineErrors({
  CLI_USAGE: {
    kind: 'invalid',
    message: '{problem}',
    hint: '{next}',
  },
  CLI_SERVER_UNREACHABLE: {
    kind: 'unavailable',
    message: 'No Evenkeel server answers at {where} ({cause}).',
    hint: 'Start one with `evenkeel serve`, or point EVENKEEL_URL at the one you mean.',
  },
  CLI_SERVER_SLOW: {
    kind: 'unavailable',
    message: 'The server at {where} did not answer within {limit}.',
    hint: 'Try again; if it stays so, read its log and run `evenkeel doctor`.',
  },
  CLI_SERVER_DEFECT: {
    kind: 'defect',
    message: 'The server at {where} failed at this (HTTP {status}).',
    hint: 'Its log says why: the lines of level error on its standard output.',
  },
  CLI_ANSWER_UNREADABLE: {
    kind: 'unavailable',
    message: 'What answers at {where} does not speak like an Evenkeel server ({cause}).',
    hint: 'Check EVENKEEL_URL; a proxy in front of the server may also answer in its place.',
  },
  CLI_NOT_SIGNED_IN: {
    kind: 'unauthorized',
    message: 'The server at {where} does not let this in: {reason}',
    hint: 'Make a token where the server runs with `evenkeel token create`, then set EVENKEEL_TOKEN_FILE (or EVENKEEL_TOKEN).',
  },
  CLI_SOCKET_FORBIDDEN: {
    kind: 'forbidden',
    message: 'The admin socket {where} belongs to somebody else.',
    hint: 'Run this as the user who runs the server, or set EVENKEEL_URL and EVENKEEL_TOKEN_FILE.',
  },
  CLI_TOKEN_IN_CLEAR: {
    kind: 'invalid',
    message: 'The token would travel unencrypted to {where}.',
    hint: 'Use an https address in EVENKEEL_URL; `--insecure` sends it anyway, for networks you trust.',
  },
  CLI_URL_INVALID: {
    kind: 'invalid',
    message: 'EVENKEEL_URL is not the address of a server: {problem}.',
    hint: 'It looks like https://status.example.com, without a user name and without a query.',
  },
  CLI_BACKUP_NONE: {
    kind: 'not_found',
    message: 'There is no backup of {service}.',
    hint: 'See what there is with `evenkeel backup list`, or take one with `evenkeel backup run {service}`.',
  },
  CLI_VAULT_BACKUP_NONE: {
    kind: 'not_found',
    message: 'There is no backup of {service} in {vault}.',
    hint: '{nearest}`evenkeel backup list --vault {vault}` shows what there is.',
  },
  CLI_PASSWORD_TYPED: {
    kind: 'invalid',
    message: 'The address after --to holds a password, which every user of this machine can read while this runs.',
    hint: 'Leave it out of the address, and put it into PGPASSWORD or into the file that PGPASSFILE names.',
  },
  CLI_FILE_EXISTS: {
    kind: 'conflict',
    message: '{file} exists already; nothing was written.',
    hint: 'Write to another file with `--output`, or see what would be written with `--dry-run`.',
  },
  CLI_CONFIRMATION_MISSING: {
    kind: 'invalid',
    message: '{what} Nothing was changed.',
    hint: 'To go on, repeat the command with `--confirm {name}`; `--dry-run` shows what it would do.',
  },
});
