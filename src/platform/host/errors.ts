import { defineErrors } from '../../kernel/errors.ts';

export const errors = defineErrors({
  HOST_SYSTEMD_UNREACHABLE: {
    kind: 'unavailable',
    message: 'systemd cannot be asked on this machine: {cause}.',
    hint: 'Units can be watched where systemd runs; inside a container, watch a process or a port instead.',
  },
  HOST_UNREADABLE: {
    kind: 'unavailable',
    message: 'What is in use on this machine cannot be read ({cause}).',
    hint: 'It is read from /proc, which Linux has; see that it is mounted.',
  },
});
