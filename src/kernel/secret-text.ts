import * as z from 'zod';
import { Secret } from './secret.ts';

/**
 * A text that may carry a credential, read as a `Secret`. `shape` says what it has to look like; its messages must not
 * quote the text. The manifest renames each secret to where it stands once it is parsed.
 */
export function secretText(shape: z.ZodType<string, string> = z.string().min(1, 'Expected a text that is not empty.')) {
  return shape.transform((text) => new Secret(text));
}
