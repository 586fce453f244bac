import * as z from 'zod';

const CHARS_MAX = 4_000;
const HEX = /^hex:(?:[\da-f]{2}\s*)*$/i;

/** Text that stands for itself, or bytes such as `hex:ff 00`. */
export const WRITTEN_BYTES = z
  .string()
  .min(1, 'Expected text, or bytes such as hex:ff00.')
  .max(CHARS_MAX, `Expected at most ${CHARS_MAX} characters.`)
  .refine((text) => !text.startsWith('hex:') || HEX.test(text), 'Expected two digits for each byte, such as hex:ff00.');

export function bytesWritten(text: string): Buffer {
  return text.startsWith('hex:')
    ? Buffer.from(text.slice('hex:'.length).replaceAll(/\s/g, ''), 'hex')
    : Buffer.from(text);
}
