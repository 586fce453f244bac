import path from 'node:path';
import type { Secret } from '../../kernel/secret.ts';
import { asSource, type Refusal } from '../unusable-place.ts';

/** `sqlite:/data/shop.db`, `sqlite:///data/shop.db`, `file:/data/shop.db?mode=ro` and `/data/shop.db` are one file. */
export function sqliteFileOf(url: Secret, refuse: Refusal = asSource): string {
  const written = url.reveal().replace(/^(?:sqlite|file):(?:\/\/(?=\/))?/, '');
  const [file = ''] = written.split('?');
  if (path.isAbsolute(file) && !file.endsWith('/')) return path.normalize(file);
  throw refuse({ where: url.name, cause: 'it is not the path of a file, such as ./data/shop.db' });
}
