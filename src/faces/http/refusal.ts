import { codeOf, EvenkeelError, REPORTED_AS } from '../../kernel/errors.ts';
import type { ErrorView } from './contract.ts';
import { errors } from './errors.ts';

export interface Refusal {
  readonly status: number;
  readonly body: ErrorView;
  readonly error: EvenkeelError;
  readonly isDefect: boolean;
}

/** What the caller learns of anything that was thrown. The text of a defect may hold secrets, so it learns nothing. */
export function refusalOf(thrown: unknown, request: string): Refusal {
  const known = thrown instanceof EvenkeelError ? thrown : refusedByFastify(thrown);
  const isDefect = known === undefined || known.kind === 'defect';
  const error = isDefect ? errors.HTTP_DEFECT({ request }, { cause: thrown }) : known;
  const { code, message, hint } = error;
  return { status: REPORTED_AS[error.kind].httpStatus, body: { error: { code, message, hint } }, error, isDefect };
}

export const BODY_BYTES_MAX = 1_000_000;

/** What Fastify finds wrong with a request before one of our functions sees it. */
function refusedByFastify(thrown: unknown): EvenkeelError | undefined {
  const code = codeOf(thrown);
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return errors.HTTP_BODY_TOO_LONG({ max: BODY_BYTES_MAX });
  const isCallersDoing =
    thrown instanceof Error &&
    'statusCode' in thrown &&
    Number(thrown.statusCode) >= 400 &&
    Number(thrown.statusCode) < 500;
  return isCallersDoing ? errors.HTTP_REQUEST_INVALID({ cause: code }, { cause: thrown }) : undefined;
}
