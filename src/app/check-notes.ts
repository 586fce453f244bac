import type { ManifestProblem } from '../faces/cli/context.ts';
import type { Files } from '../kernel/files.ts';
import { type LoadedManifest, parseDotenv } from '../manifest/index.ts';
import type { Config, Variables } from './config.ts';
import { mailUsersOf } from './mail-users.ts';

const OWN = /^EVENKEEL_/;
const DOTENV_BYTES_MAX = 256_000;

/** Where mail is meant to go, while nothing would send it. */
export function mailNotes({ manifest, problemAt }: LoadedManifest, { mail }: Config): readonly ManifestProblem[] {
  if (mail !== null) return [];
  return mailUsersOf(manifest).map(({ path, who }) =>
    problemAt(
      path,
      `Nothing reaches ${who}: EVENKEEL_SMTP_URL is not set here, and without it no mail is sent.`,
      'Set it where `evenkeel serve` runs, e.g. EVENKEEL_SMTP_URL=smtp://user:password@mail.example:587.',
    ),
  );
}

/** Evenkeel's own variables in a file that is only read for those of the manifest. Their values are not shown. */
export async function dotenvNotes(
  file: string,
  { files, variables }: { readonly files: Files; readonly variables: Variables },
): Promise<readonly ManifestProblem[]> {
  const text = (await files.read(file, { bytesMax: DOTENV_BYTES_MAX }).catch(() => undefined)) ?? '';
  const names = [...parseDotenv(text).keys()].filter((name) => OWN.test(name) && variables[name] === undefined);
  const [first] = names;
  if (first === undefined) return [];
  const above = text.slice(0, text.search(new RegExp(String.raw`^[ \t]*(?:export[ \t]+)?${first}\b`, 'm')));
  return [
    {
      file: '.env',
      line: above.split('\n').length,
      column: null,
      message: `${names.join(', ')} ${names.length === 1 ? 'has' : 'have'} no effect here: Evenkeel reads its own variables from the environment, not from .env.`,
      hint: 'Set them where `evenkeel` is started, e.g. with `set -a; . ./.env; set +a` before it.',
    },
  ];
}
