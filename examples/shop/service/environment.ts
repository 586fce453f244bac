import * as z from 'zod';

/** What each process may ask of its environment, with the words for a value that does not fit. */
export const port = z.coerce
  .number('expected a port number')
  .int('expected a port number')
  .min(0, 'expected a port number')
  .max(65_535, 'expected a port number');
export const webAddress = z.url({ protocol: /^https?$/, error: 'expected an address that starts with http://' });
export const postgresAddress = z.url({
  protocol: /^postgres(?:ql)?$/,
  error: 'expected an address that starts with postgres://',
});
/** `1` means yes; missing means no. */
export const flag = z
  .literal('1', 'expected 1, or nothing')
  .optional()
  .transform((value) => value === '1');

export type EnvironmentReading<Shape extends z.ZodRawShape> =
  | { readonly ok: true; readonly environment: z.output<z.ZodObject<Shape>> }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Checks every variable before anything starts, and names all that are wrong at once. Values are never repeated. */
export function readEnvironment<Shape extends z.ZodRawShape>(
  shape: Shape,
  variables: Readonly<Record<string, string | undefined>>,
): EnvironmentReading<Shape> {
  // In shells and compose files an empty variable is the usual way to say "not set".
  const given = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''),
  );
  const result = z.object(shape).safeParse(given);
  if (result.success) return { ok: true, environment: result.data };
  const problems = result.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    return name in given ? `${name} is malformed: ${issue.message}.` : `${name} is missing.`;
  });
  return { ok: false, problems: [...new Set(problems)] };
}
