import { defineErrors } from '../kernel/errors.ts';

export const errors = defineErrors({
  CONFIG_INVALID: {
    kind: 'invalid',
    message: 'The environment is not right: {problems}',
    hint: 'docs/reference/environment.md lists every variable with its form and default.',
  },
  CONFIG_FILE_UNREADABLE: {
    kind: 'invalid',
    message: '{variable} names the file {path}, which cannot be read ({cause}).',
    hint: 'Check the path and its permissions.',
  },
  SERVE_ALREADY_RUNNING: {
    kind: 'conflict',
    message: 'Evenkeel already runs on the data folder {folder}.',
    hint: 'See what it does with `evenkeel status`, or choose another folder with EVENKEEL_DATA_DIR.',
  },
  DEMO_SHOP_FAILED: {
    kind: 'unavailable',
    message: 'The example application did not start: {cause}.',
    hint: 'Its log is in {log}.',
  },
});
