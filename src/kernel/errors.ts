/** `defect` is a mistake of ours; everything else is something the person or the world can change. */
export type ErrorKind =
  | 'invalid'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'too_large'
  | 'too_many'
  | 'unavailable'
  | 'defect';

/** The one table that decides how every face reports an error of a kind. */
export const REPORTED_AS = {
  invalid: { httpStatus: 400, exitCode: 2, retryable: false },
  unauthorized: { httpStatus: 401, exitCode: 3, retryable: false },
  forbidden: { httpStatus: 403, exitCode: 3, retryable: false },
  not_found: { httpStatus: 404, exitCode: 4, retryable: false },
  conflict: { httpStatus: 409, exitCode: 5, retryable: false },
  too_large: { httpStatus: 413, exitCode: 2, retryable: false },
  too_many: { httpStatus: 429, exitCode: 6, retryable: true },
  unavailable: { httpStatus: 503, exitCode: 6, retryable: true },
  defect: { httpStatus: 500, exitCode: 70, retryable: false },
} as const satisfies Record<ErrorKind, { httpStatus: number; exitCode: number; retryable: boolean }>;

/** What went wrong, in words for a person, plus what that person can do about it; `{name}` marks a value. */
export interface ErrorSpec {
  readonly kind: ErrorKind;
  readonly message: string;
  readonly hint: string;
}

export class EvenkeelError extends Error {
  override readonly name = 'EvenkeelError';
  readonly code: string;
  readonly kind: ErrorKind;
  readonly hint: string;

  constructor(code: string, spec: ErrorSpec, options?: ErrorOptions) {
    super(spec.message, options);
    this.code = code;
    this.kind = spec.kind;
    this.hint = spec.hint;
  }
}

type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

type Values<Spec extends ErrorSpec> = Readonly<
  Record<Placeholders<Spec['message']> | Placeholders<Spec['hint']>, string | number>
>;

/**
 * Turns an area's error catalogue into constructors: `throw errors.TOKEN_UNKNOWN({ id })`.
 * Codes are public API; a test requires each of them to be described in docs/errors.md.
 */
export function defineErrors<const Catalogue extends Readonly<Record<string, ErrorSpec>>>(catalogue: Catalogue) {
  type Constructors = {
    readonly [Code in keyof Catalogue]: (values: Values<Catalogue[Code]>, options?: ErrorOptions) => EvenkeelError;
  };
  const entries = Object.entries(catalogue).map(([code, { kind, message, hint }]) => {
    const construct = (values: Readonly<Record<string, string | number>>, options?: ErrorOptions) =>
      new EvenkeelError(code, { kind, message: fill(message, values), hint: fill(hint, values) }, options);
    return [code, construct] as const;
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- built from the keys of `catalogue`, one to one
  return Object.fromEntries(entries) as Constructors;
}

function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{(?<name>\w+)\}/g, (_match, name: string) => String(values[name]));
}

export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The machine-readable part, e.g. `ECONNREFUSED` or `TimeoutError`: free of URLs and of secrets. */
export function codeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'unknown';
  if ('code' in thrown && typeof thrown.code === 'string') return thrown.code;
  // `fetch` wraps the interesting error in a TypeError that says nothing.
  return thrown.cause === undefined ? thrown.name : codeOf(thrown.cause);
}
