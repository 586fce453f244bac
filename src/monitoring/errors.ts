import { defineErrors } from '../kernel/errors.ts';

export const errors = defineErrors({
  MONITOR_UNKNOWN: {
    kind: 'not_found',
    message: 'There is no monitor {name}.',
    hint: 'List them with `evenkeel monitor list`.',
  },
  MONITOR_NOT_ACTIVE: {
    kind: 'unavailable',
    message: 'Monitor {name} is not checked by this process.',
    hint: 'Ask the process that runs the role `checks`, or try again once it has started.',
  },
  PING_KEY_UNKNOWN: {
    kind: 'not_found',
    message: 'No heartbeat has this address.',
    hint: 'Copy it again from `evenkeel monitor show <name>`.',
  },
});
