import { defineErrors } from '../kernel/errors.ts';

export const errors = defineErrors({
  MONITOR_UNKNOWN: {
    kind: 'not_found',
    message: 'There is no monitor {name}.',
    hint: 'List them with `evenkeel monitor list`.',
  },
  MONITOR_NOT_MANUAL: {
    kind: 'conflict',
    message: 'Monitor {name} is {type}: its state is found by checks, not said by people.',
    hint: 'Announce work on it with `evenkeel monitor pause {name}`, or say `manual: true` in the manifest.',
  },
  MONITOR_NOT_ACTIVE: {
    kind: 'unavailable',
    message: 'Monitor {name} is not checked by this process.',
    hint: 'Ask the process that runs the role `checks`, or try again once it has started.',
  },
  PROBE_CLOCK_WRONG: {
    kind: 'conflict',
    message: 'The clock of the probe in {location} is {hours} hours away from the clock of the server.',
    hint: 'Put the clock right on the machine that is wrong; the probe keeps its results and tries again.',
  },
  PROBE_LOCATION_OTHER: {
    kind: 'forbidden',
    message: 'These results were measured in {measured}, and the token is for {location}.',
    hint: 'Give the probe a token of its own location, or a data folder of its own.',
  },
  PING_KEY_UNKNOWN: {
    kind: 'not_found',
    message: 'No heartbeat has this address.',
    hint: 'Copy it again from `evenkeel monitor show <name>`.',
  },
});
