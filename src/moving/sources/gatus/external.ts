import { formatDuration } from '../../../kernel/duration.ts';
import { Secret } from '../../../kernel/secret.ts';
import { durationIn, type Fields, fieldsIn, textIn } from '../../fields.ts';
import { goReferences, withReferences } from '../../reference-text.ts';
import { demand } from '../../unlike.ts';
import { Reference, type Written } from '../../written.ts';
import { type Context, type Watched, watchedAs } from './endpoints.ts';
import type { Placed } from './read.ts';

/** What an address for pings may end with. */
const KEY = /^[\w-]{8,100}$/;

/** Endpoints that are told from outside. `tokens` are those of all of them: one address is for one job. */
export function externalOf(placed: Placed, context: Context, tokens: readonly string[]): Watched {
  return watchedAs('external endpoint', placed, context, (fields) => {
    const everyMs = durationIn(fieldsIn(fields, 'heartbeat') ?? {}, 'interval');
    const every = demand(
      everyMs,
      'Nothing says how often it is told (`heartbeat.interval`); write a `heartbeat` by hand.',
    );
    const { key, note } = keyOf(fields, tokens);
    return {
      entry: { heartbeat: formatDuration(every), key },
      notes: [`Whoever told Gatus has to call /ping/… here; \`evenkeel monitor show\` prints the address. ${note}`],
    };
  });
}

function keyOf(fields: Fields, tokens: readonly string[]): { readonly key?: Written; readonly note: string } {
  const token = textIn(fields, 'token')?.trim();
  if (token === undefined) return { note: 'It had no token.' };
  if (tokens.filter((each) => each === token).length > 1)
    return { note: 'Its token is also that of another one, so it has a new one.' };
  const key = withReferences(new Secret(token, 'token'), goReferences);
  if (key instanceof Reference || KEY.test(token)) return { key, note: 'Its token is the last part of it.' };
  return { note: 'Its token is not 8 to 100 letters, digits, - and _, so it has a new one.' };
}
