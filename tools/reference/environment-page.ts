import * as z from 'zod';
import { SECRET_VARIABLES, VARIABLES } from '../../src/app/config.ts';
import { code, page, table } from './markdown.ts';

/** docs/reference/environment.md: every variable that Evenkeel itself reads. */
export function environmentPage(): string {
  return page(
    '# Environment variables',
    'Evenkeel reads these and no others for itself, once, when it starts; an empty one counts as not set. They are ' +
      'read from the environment only, never from a `.env` beside the manifest. Variables that your `evenkeel.yaml` ' +
      'mentions as `${NAME}` are read when that file is.',
    table(
      ['Variable', 'Meaning'],
      Object.entries(VARIABLES).map(([name, schema]) => [code(name), z.globalRegistry.get(schema)?.description ?? '']),
    ),
    `A secret may stand in a file instead: ${SECRET_VARIABLES.map((name) => code(`${name}_FILE`)).join(' and ')} name ` +
      'that file. A variable wins over its `_FILE` twin.',
  );
}
