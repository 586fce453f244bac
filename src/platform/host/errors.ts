import { defineErrors } from '../../kernel/errors.ts';

export const errors = defineErrors({
  HOST_UNREADABLE: {
    kind: 'unavailable',
    message: 'What is in use on this machine cannot be read ({cause}).',
    hint: 'It is read from /proc, which Linux has; see that it is mounted.',
  },
});
