import { accessMatrix, routes } from '../../src/faces/http/index.ts';
import { jsonSchemaOf, keyRows } from './json-schema.ts';
import { code, page, table } from './markdown.ts';

/** docs/reference/api.md: every address, who may ask it and what it takes. */
export function apiPage(): string {
  return page(
    '# HTTP API',
    'Everything the command line does goes through this interface. A request carries its token as ' +
      '`Authorization: Bearer ek_api_…`; `evenkeel token create` makes one. Answers are JSON, times are ISO 8601 in UTC, ' +
      'durations are milliseconds. A refusal is JSON with `code`, `message` and `hint`; ' +
      '[the codes](../errors.md) are part of the interface. [openapi.json](openapi.json) describes the same for ' +
      'programs; a running server answers it at `/api/v1/openapi.json`.',
    '## Who may ask what',
    'A role may do whatever the roles before it may.',
    accessMatrix(routes).trimEnd(),
    '## What an address takes',
    'In the path, the query or, for `POST`, a JSON body. Addresses that are not listed here take nothing.',
    routes.flatMap(({ method, path, summary, input }) => {
      const rows = keyRows(jsonSchemaOf(input));
      if (rows.length === 0) return [];
      return [`### ${code(`${method} ${path}`)}`, summary, table(['Name', 'Value', 'Meaning'], rows)];
    }),
  );
}
