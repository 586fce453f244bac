import { defineErrors } from '../../kernel/errors.ts';

export const errors = defineErrors({
  BROWSER_BUSY: {
    kind: 'unavailable',
    message: 'The web browser is busy with {count} other pages.',
    hint: 'Let monitors of type browser check less often, or give their pages less time.',
  },
  BROWSER_MISSING: {
    kind: 'unavailable',
    message: 'There is no web browser on this machine.',
    hint: 'Install Chromium, e.g. `apt-get install chromium`, or name it in EVENKEEL_BROWSER.',
  },
  BROWSER_UNUSABLE: {
    kind: 'unavailable',
    message: 'The web browser of this machine does not start: {cause}.',
    hint: 'Start it by hand to see why, as the user that Evenkeel runs as; EVENKEEL_BROWSER names another.',
  },
});
