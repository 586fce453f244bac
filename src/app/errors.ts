import { defineErrors } from '../kernel/errors.ts';

export const errors = defineErrors({
  CONFIG_INVALID: {
    kind: 'invalid',
    message: 'The environment is not right: {problems}',
    hint: 'docs/reference/environment.md lists every variable with its form and default.',
  },
  CONFIG_FILE_TOO_LONG: {
    kind: 'invalid',
    message: '{variable} names the file {path}, which has {bytes} bytes: no key is longer than {bytesMax}.',
    hint: 'Check the path; `evenkeel key show` lists the keys in a folder.',
  },
  CONFIG_FILE_UNREADABLE: {
    kind: 'invalid',
    message: '{variable} names the file {path}, which cannot be read ({cause}).',
    hint: 'Check the path and its permissions.',
  },
  DATA_FOLDER_UNUSABLE: {
    kind: 'unavailable',
    message: 'The data folder {folder} cannot be made ({cause}).',
    hint: 'Give this user the folder above it, or choose another with EVENKEEL_DATA_DIR.',
  },
  ENVIRONMENT_CHANGED: {
    kind: 'conflict',
    message: 'The manifest now describes the environment {to}; this process looks after {from}.',
    hint: 'Restart it, with EVENKEEL_ENVIRONMENT set to the one you mean.',
  },
  IMPORT_NO_MANIFEST: {
    kind: 'not_found',
    message: 'There is no {file} here that something could be imported into.',
    hint: 'Make one with `evenkeel init`, then run `evenkeel import {type}` again.',
  },
  IMPORT_PART_UNUSABLE: {
    kind: 'invalid',
    message: '{file} cannot be added to: {problem}.',
    hint: 'Nothing was written. Put that file right, or take it away; then import again.',
  },
  IMPORT_TOO_LONG: {
    kind: 'invalid',
    message: '{file} would have {bytes} bytes, and no more than {bytesMax} are read.',
    hint: 'Nothing was written. Import a part first, move it to another file in evenkeel.d/, then import the rest.',
  },
  MANIFEST_WRONG: {
    kind: 'invalid',
    message: 'The manifest cannot be applied.\n\n{problems}\n',
    hint: 'Put them right and start again; `evenkeel check` shows them too.',
  },
  MONITOR_EXISTS: {
    kind: 'conflict',
    message: 'There is a service or a monitor {name} already.',
    hint: 'Choose another name; `evenkeel monitor list` shows those that are taken.',
  },
  MONITOR_NOT_ADDED: {
    kind: 'conflict',
    message: 'No command added a monitor {name}.',
    hint: 'What a person wrote stands in evenkeel.yaml or in evenkeel.d/: take it out there.',
  },
  MONITOR_REFUSED: {
    kind: 'invalid',
    message: 'The manifest would not be right with this change of the monitor {name}.\n\n{problems}\n',
    hint: '`evenkeel monitor types TYPE` shows what a type takes, with an example.',
  },
  PROBE_ALREADY_RUNNING: {
    kind: 'conflict',
    message: 'Another probe runs on the data folder {folder}.',
    hint: 'Give each probe a folder of its own with EVENKEEL_DATA_DIR.',
  },
  PROBE_SETTING_MISSING: {
    kind: 'invalid',
    message: 'The probe does not know its server: {variable} is not set.',
    hint: 'It needs EVENKEEL_URL, and the token that `evenkeel token create --kind probe` makes on the server.',
  },
  SERVE_ALREADY_RUNNING: {
    kind: 'conflict',
    message: 'Evenkeel already runs on the data folder {folder}.',
    hint: 'See what it does with `evenkeel status`, or choose another folder with EVENKEEL_DATA_DIR.',
  },
  MIGRATION_STEP_UNKNOWN: {
    kind: 'not_found',
    message: 'There is no applied schema step {id}.',
    hint: 'Applied are, oldest first: {steps}.',
  },
  VAULT_FOLDER_MISSING: {
    kind: 'not_found',
    message: 'There is no folder {folder} ({cause}).',
    hint: 'Check the path after --vault, and that the disk it should be on is there.',
  },
  DEMO_SHOP_FAILED: {
    kind: 'unavailable',
    message: 'The example application did not start: {cause}.',
    hint: 'Its log is in {log}.',
  },
});
