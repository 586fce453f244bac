import path from 'node:path';
import { Secret } from '../../kernel/secret.ts';
import { errors } from './errors.ts';
import type { RestorePlace } from './offline-vault.ts';

/** Where `--to` points without a server: the address of a database, or a file. A password in it is refused. */
export function restorePlace(typed: string, folder: string): RestorePlace {
  if (holdsPassword(typed)) throw errors.CLI_PASSWORD_TYPED({});
  if (/^postgres(?:ql)?:/i.test(typed) && URL.canParse(typed)) {
    return { kind: 'database', url: new Secret(typed, '--to') };
  }
  if (/^[a-z][a-z0-9+.-]*:/i.test(typed)) {
    throw errors.CLI_USAGE({
      problem: '--to: Expected a file, or an address such as postgres://shop@db.example/shop.',
      next: 'Run `evenkeel backup restore --help` for examples.',
    });
  }
  return { kind: 'file', path: path.resolve(folder, typed) };
}

/** With a server it is a name, and the database stands beside the source. */
export function demandName(typed: string): void {
  if (holdsPassword(typed)) throw errors.CLI_PASSWORD_TYPED({});
  if (/^[a-z][a-z0-9_]*$/.test(typed)) return;
  throw errors.CLI_USAGE({
    problem: '--to: Expected the name of a new database, of small letters, digits and _.',
    next: 'It is made beside the source. To restore to another place, read the vault itself with --vault.',
  });
}

/** In front of the host, or among the parameters, where libpq looks for one as well. */
function holdsPassword(typed: string): boolean {
  if (/\bpassword\s*=/i.test(typed)) return true;
  return URL.canParse(typed) && new URL(typed).password !== '';
}
