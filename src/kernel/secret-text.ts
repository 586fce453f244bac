import * as z from 'zod';
import { Secret } from './secret.ts';

/** What `secretText` reads: whoever reports on such a text knows by this that it must not be shown. */
const secretShapes = z.registry<{ readonly isSecret: true }>();

/**
 * A text that may carry a credential, read as a `Secret`. `shape` says what it has to look like; its messages must not
 * quote the text. The manifest renames each secret to where it stands once it is parsed.
 */
export function secretText(shape: z.ZodType<string, string> = z.string().min(1, 'Expected a text that is not empty.')) {
  return unshown(shape).transform((text) => new Secret(text));
}

/** A text that is public when it is right, and where people paste secrets by mistake: problems do not repeat it. */
export function unshown(shape: z.ZodType<string, string>): z.ZodType<string, string> {
  return shape.register(secretShapes, { isSecret: true });
}

/** Whether this is the schema of a text that may carry a credential. */
export function isSecretShape(schema: z.core.$ZodType): boolean {
  return secretShapes.has(schema);
}
