import { defineErrors } from '../kernel/errors.ts';

export const errors = defineErrors({
  FILE_TOO_LONG: {
    kind: 'too_large',
    message: 'The file {path} is longer than the {bytesMax} bytes that are read.',
    hint: 'Check that it is the right file, and split it if it is.',
  },
  FILE_UNUSABLE: {
    kind: 'unavailable',
    message: 'The file {path} cannot be {done} ({cause}).',
    hint: 'Check the path, its owner and permissions, and the free space.',
  },
});
