import { defineErrors } from '../../kernel/errors.ts';

export const errors = defineErrors({
  BROWSER_MISSING: {
    kind: 'unavailable',
    message: 'There is no web browser on this machine.',
    hint: 'Install Chromium, e.g. `apt-get install chromium`, or name it in EVENKEEL_BROWSER.',
  },
});
