import * as z from 'zod';
import type { Secret } from '../../kernel/secret.ts';
import { secretText } from '../../kernel/secret-text.ts';
import { pemText } from './certificate-keys.ts';

/** What every server takes in a header: no space, nothing that would end the line. */
const TOKEN = /^[\u0021-\u007e]{1,8192}$/;
const tokenText = () => secretText(z.string().regex(TOKEN, 'Expected a token without spaces.'));

const OAuth = z.strictObject({
  token_url: secretText(
    z.string().refine((text) => /^https?:\/\//.test(text) && URL.canParse(text), 'Expected a whole web address.'),
  ).describe('Where tokens are given out, e.g. "https://login.example/oauth/token".'),
  client_id: z.string().min(1).describe('The name this client has there.'),
  client_secret: secretText().describe('The password of this client.'),
  scope: z.string().min(1).optional().describe('What the token is for, words with spaces between them.'),
  audience: z.string().min(1).optional().describe('Whom the token is for, where the server asks for it.'),
  credentials_in: z
    .enum(['header', 'body'])
    .default('header')
    .describe('Where the server wants to see the name and password of this client. Default header.'),
  authority: pemText('CERTIFICATE')
    .optional()
    .describe('Authorities to trust about the server of the tokens instead of those of this machine, as PEM.'),
});
export type OAuth = z.output<typeof OAuth>;

/** The setting `auth:`. */
export const HttpAuth = z
  .strictObject({
    basic: z
      .strictObject({
        user: z
          .string()
          .regex(/^[^:\p{Cc}]*$/u, 'Expected a name without a colon.')
          .describe('Who logs in.'),
        password: secretText(z.string()).describe('The password of that user.'),
      })
      .optional()
      .describe('Logs in with a user and a password.'),
    bearer: tokenText().optional().describe('Sends this token.'),
    oauth: OAuth.optional().describe(
      'Fetches a token from another server first (OAuth 2.0, client credentials) and keeps it until it expires.',
    ),
  })
  .refine((auth) => Object.values(auth).filter((way) => way !== undefined).length === 1, {
    message: 'Expected exactly one of `basic`, `bearer` and `oauth`.',
  });
export type HttpAuth = z.output<typeof HttpAuth>;

/** The header that is the same with every request. */
export function fixedAuthorization(auth: HttpAuth | undefined): Readonly<Record<string, string>> {
  if (auth?.basic !== undefined) {
    const { user, password } = auth.basic;
    return { authorization: `Basic ${Buffer.from(`${user}:${password.reveal()}`).toString('base64')}` };
  }
  return auth?.bearer === undefined ? {} : { authorization: `Bearer ${auth.bearer.reveal()}` };
}

/** What is sent in another form only. */
export function secretsOf(auth: HttpAuth | undefined): readonly string[] {
  return auth?.basic === undefined ? [] : [auth.basic.password.reveal()];
}

/** Where a token is kept between two checks. */
export interface TokenKeeper {
  readonly settings: OAuth;
  readonly proxy: Secret | undefined;
  kept: { readonly authorization: string; readonly untilTicks: number } | undefined;
}
