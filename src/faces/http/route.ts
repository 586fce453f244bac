import * as z from 'zod';
import type { Actor, Role } from '../../contracts/roles.ts';
import { errors } from './errors.ts';

export interface Reply<Body = unknown> {
  readonly status: number;
  /** A string or a stream is sent as it is, under `type`; everything else as JSON. */
  readonly body: Body;
  /** Media type; `application/json` when left out. */
  readonly type?: string;
  /** What was acted upon, for the audit trail. */
  readonly subject?: string;
}

export interface RouteContext<Deps> {
  readonly actor: Actor;
  readonly deps: Deps;
}

/** Buckets of the rate limit: probes must not use up what people need, nor the other way round. */
export type LimitName = 'api' | 'health' | 'ping';

/**
 * A route is data plus one function. The router, the OpenAPI document, the access matrix in the reference and the
 * test that walks every route with every role are all derived from it.
 */
export interface RouteHead<Input extends z.ZodObject = z.ZodObject, Answer extends z.ZodType = z.ZodType> {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: `/${string}`;
  readonly role: Role;
  readonly summary: string;
  /** Path, query and body as one object; the path wins over the query, the query over the body. */
  readonly input: Input;
  /** The body of a success. */
  readonly answer: Answer;
  /** Media type of a success, for the OpenAPI document; `application/json` when left out. */
  readonly type?: string;
  /** `api` when left out. */
  readonly limit?: LimitName;
  /** The body does not matter and is not looked at, whatever its type. */
  readonly ignoresBody?: boolean;
  /** The body is text for people, whatever its type: the input has it as `text`, and nothing else is read from it. */
  readonly takesText?: boolean;
  /** Only for the token of a probe; no role opens it, so `role` is `public` and means nobody else. */
  readonly isForProbes?: boolean;
}

export interface Route<Deps> extends RouteHead {
  readonly handle: (input: unknown, context: RouteContext<Deps>) => Promise<Reply>;
}

/** `routeFor<Deps>()` fixes the dependencies once per file, so that each route infers only its input and answer. */
export function routeFor<Deps>() {
  return <Input extends z.ZodObject, Answer extends z.ZodType>(
    definition: RouteHead<Input, Answer> & {
      readonly handle: (input: z.output<Input>, context: RouteContext<Deps>) => Promise<Reply<z.output<Answer>>>;
    },
  ): Route<Deps> => {
    const { handle, ...head } = definition;
    return {
      ...head,
      async handle(raw, context) {
        const parsed = head.input.safeParse(raw);
        // Only here is a schema violation the caller's doing; anywhere deeper it is a defect of ours.
        if (!parsed.success) throw errors.HTTP_INPUT_INVALID({ problems: problemsOf(parsed.error) });
        return handle(parsed.data, context);
      },
    };
  };
}

/** For an address that takes nothing; strict, so that a misspelt parameter is an error and not ignored. */
export const NO_INPUT = z.strictObject({});

/** A yes or no that is a boolean in JSON and a word in a query. */
export const Flag = z.union([z.boolean(), z.stringbool()]).default(false);

/** An instant in ISO 8601, read as epoch milliseconds. */
export const Instant = z.iso
  .datetime({ offset: true, error: 'Expected an instant such as 2026-11-20T09:30:00Z.' })
  .transform((text) => Date.parse(text));

export const DryRun = Flag.describe('Say what would happen, and change nothing.');

const PROBLEMS_MAX = 5;

function problemsOf(error: z.ZodError): string {
  return error.issues
    .slice(0, PROBLEMS_MAX)
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`))
    .join('; ');
}
