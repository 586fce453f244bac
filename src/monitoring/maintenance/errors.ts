import { defineErrors } from '../../kernel/errors.ts';

export const errors = defineErrors({
  MAINTENANCE_UNKNOWN: {
    kind: 'not_found',
    message: 'There is no maintenance {id}.',
    hint: 'List them with `evenkeel maintenance list`.',
  },
  MAINTENANCE_PLANNED: {
    kind: 'conflict',
    message: 'The maintenance {id} is planned in the manifest, and does not end by hand.',
    hint: 'Shorten it or take it out under `maintenance` in evenkeel.yaml.',
  },
  MAINTENANCE_OVER: {
    kind: 'conflict',
    message: 'The maintenance {id} is over already.',
    hint: 'List what is open with `evenkeel maintenance list`.',
  },
  MAINTENANCE_END_UNUSABLE: {
    kind: 'invalid',
    message: 'A maintenance has to end after it began and within {max}.',
    hint: 'Choose another end, or none, and end it by hand with `evenkeel maintenance end <id>`.',
  },
  MONITOR_PAUSED: {
    kind: 'conflict',
    message: 'The monitor {name} is paused already, by {id}.',
    hint: 'For another end, resume it first: `evenkeel monitor resume {name}`.',
  },
  MONITOR_NOT_PAUSED: {
    kind: 'conflict',
    message: 'The monitor {name} is not paused.',
    hint: 'List what rests with `evenkeel maintenance list`.',
  },
  MONITOR_PAUSED_WITH_OTHERS: {
    kind: 'conflict',
    message: 'The monitor {name} is paused together with others, by {id}.',
    hint: 'End the pause of all of them: `evenkeel maintenance end {id}`.',
  },
});
