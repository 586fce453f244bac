import { defineErrors } from '../kernel/errors.ts';

export const errors = defineErrors({
  TOKEN_INVALID: {
    kind: 'unauthorized',
    // Deliberately the same for unknown, expired and revoked tokens; the log of the server tells them apart.
    message: 'This token is not valid.',
    hint: 'Make a new one on the server with `evenkeel token create`, and give it in EVENKEEL_TOKEN.',
  },
  TOKEN_UNKNOWN: {
    kind: 'not_found',
    message: 'There is no token {id}.',
    hint: 'List the tokens with `evenkeel token list`.',
  },
  TOKEN_ALREADY_REVOKED: {
    kind: 'conflict',
    message: 'The token {id} is already revoked.',
    hint: 'Nothing is left to do; `evenkeel token list` shows since when.',
  },
  TOKEN_ROLE_TOO_HIGH: {
    kind: 'forbidden',
    message: 'A token with the role "{role}" cannot be made by somebody with the role "{own}".',
    hint: 'Choose a lower role, or ask somebody who has that one.',
  },
});
