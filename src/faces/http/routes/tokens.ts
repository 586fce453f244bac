import * as z from 'zod';
import { ENVIRONMENT_ALIASES, ENVIRONMENTS } from '../../../contracts/app-model.ts';
import { ROLES } from '../../../contracts/roles.ts';
import type { Identity } from '../../../identity/index.ts';
import { type Clock, DAY_MS, MINUTE_MS } from '../../../kernel/clock.ts';
import { duration } from '../../../kernel/duration.ts';
import { LocationName } from '../../../monitoring/index.ts';
import * as answers from '../answers.ts';
import { errors } from '../errors.ts';
import { DryRun, NO_INPUT, routeFor } from '../route.ts';
import { tokenView } from '../views.ts';

export interface TokenDeps {
  readonly identity: Pick<Identity, 'createToken' | 'revokeToken' | 'tokens'>;
  readonly clock: Clock;
}

const EITHER = 'Expected either a role, or the location of a probe.';
const EXPIRY_MS_MAX = 10 * 365 * DAY_MS;

const Name = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,63}$/u, 'Expected 1 to 64 letters, digits, spaces or . _ @ -');

/** Under any of its names; a token for one that does not exist would only never work. */
const Environment = z
  .enum([...ENVIRONMENTS, ...Object.keys(ENVIRONMENT_ALIASES)])
  .transform((name) => ENVIRONMENT_ALIASES[name] ?? name);

const route = routeFor<TokenDeps>();

const list = route({
  method: 'GET',
  path: '/api/v1/tokens',
  role: 'owner',
  summary: 'All tokens, newest first, with the revoked and the expired.',
  input: NO_INPUT,
  answer: answers.TokenListView,
  async handle(_input, { deps }) {
    const tokens = await deps.identity.tokens();
    return { status: 200, body: { tokens: tokens.map(tokenView) } };
  },
});

const create = route({
  method: 'POST',
  path: '/api/v1/tokens',
  role: 'owner',
  summary: 'Makes a token and shows its secret, this one time.',
  input: z.strictObject({
    name: Name.describe('What it is for.'),
    role: z.enum(ROLES).exclude(['public']).optional().describe('What it may do; a probe has no role.'),
    location: LocationName.optional().describe('Makes it the token of the probe in this location.'),
    environment: Environment.optional().describe(
      'Works only there; everywhere when left out, and that of a probe here only.',
    ),
    expiresIn: duration({ minMs: MINUTE_MS, maxMs: EXPIRY_MS_MAX })
      .optional()
      .describe('E.g. 90d; never when left out.'),
    dryRun: DryRun,
  }),
  answer: answers.TokenCreatedView,
  async handle({ expiresIn, dryRun, ...given }, { actor, deps }) {
    const wanted = { ...given, role: given.role ?? ('public' as const) };
    if ((wanted.role === 'public') === (wanted.location === undefined))
      throw errors.HTTP_INPUT_INVALID({ problems: EITHER });
    const expiresAt = expiresIn === undefined ? undefined : deps.clock.now() + expiresIn;
    const { token, secret } = await deps.identity.createToken(actor, { ...wanted, expiresAt }, { dryRun });
    const body = { isDryRun: dryRun, token: tokenView(token), secret: dryRun ? null : secret.reveal() };
    return { status: dryRun ? 200 : 201, body, subject: token.id };
  },
});

const revoke = route({
  method: 'DELETE',
  path: '/api/v1/tokens/:id',
  role: 'owner',
  summary: 'Revokes a token, at once and for good.',
  input: z.strictObject({
    id: z.string().regex(/^tok_[0-9A-Za-z]{1,64}$/, 'Expected an id such as tok_0mhc2k….'),
    dryRun: DryRun,
  }),
  answer: answers.TokenRevokedView,
  async handle({ id, dryRun }, { actor, deps }) {
    const token = await deps.identity.revokeToken(actor, id, { dryRun });
    return { status: 200, body: { isDryRun: dryRun, token: tokenView(token) }, subject: id };
  },
});

export const tokenRoutes = [list, create, revoke];
