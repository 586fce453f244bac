import { defineErrors } from '../kernel/errors.ts';

export const errors = defineErrors({
  IMPORT_UNREADABLE: {
    kind: 'invalid',
    message: '{where} cannot be read as {title}: {problem}.',
    hint: 'Name what `evenkeel import {type}` reads, e.g. `evenkeel import {type} {example}`.',
  },
});
