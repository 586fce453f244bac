import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadedText, variableOf } from '../../test/support/manifests.ts';
import { memoryFiles } from '../../test/support/memory-files.ts';
import { checkVariables } from './index.ts';

const MANIFEST = `app: shop
services:
  api:
    source: ./api
    env:
      DATABASE_URL: url
      PORT: port
      STRIPE_KEY: text
      LOG_LEVEL: debug|info|warn
      WORKERS: int?
      SENTRY_DSN: url?
      TRACING: bool?
`;

const RIGHT = { DATABASE_URL: 'postgres://db', PORT: '8080', STRIPE_KEY: 'sk_live_51', LOG_LEVEL: 'info' };

describe('the variables a service declares', () => {
  test('are all there and right [ENV-07/R]', async () => {
    assert.deepEqual(await check({ variables: RIGHT }), []);
  });

  test('are reported at their lines when they are missing or empty [ENV-07/R]', async () => {
    const said = await check({ variables: { PORT: '8080', STRIPE_KEY: '' } });

    assert.deepEqual(said, [
      '6:7 The variable DATABASE_URL is not set.',
      '8:7 The variable STRIPE_KEY is not set.',
      '9:7 The variable LOG_LEVEL is not set.',
    ]);
  });

  test('are reported with what is expected, and never with their value [ENV-07/R]', async () => {
    const variables = {
      DATABASE_URL: 's3cret',
      PORT: '99999',
      STRIPE_KEY: '  ',
      LOG_LEVEL: 'verbose-s3cret',
      WORKERS: '1.5',
      SENTRY_DSN: 's3cret',
      TRACING: 'perhaps',
    };

    const said = await check({ variables });

    assert.deepEqual(said, [
      '6:7 The variable DATABASE_URL is set, but not to an address with its scheme, such as https://shop.example.',
      '7:7 The variable PORT is set, but not to a port from 1 to 65535.',
      '8:7 The variable STRIPE_KEY is set, but not to a text that is not empty.',
      '9:7 The variable LOG_LEVEL is set, but not to one of debug, info, warn.',
      '10:7 The variable WORKERS is set, but not to a whole number.',
      '11:7 The variable SENTRY_DSN is set, but not to an address with its scheme, such as https://shop.example.',
      '12:7 The variable TRACING is set, but not to true or false.',
    ]);
    assert.doesNotMatch(said.join(), /s3cret/);
  });

  test('may stand in the .env of the source or beside the manifest', async () => {
    const files = {
      '/app/api/.env': "DATABASE_URL='postgres://db' # mine\nPORT=1\n",
      '/app/.env': 'PORT=none\nSTRIPE_KEY=a#b\nLOG_LEVEL=warn\n',
    };

    assert.deepEqual(await check({ files }), []);
  });

  test('may stand in a file that their _FILE twin names', async () => {
    const variables = { ...RIGHT, STRIPE_KEY: '', STRIPE_KEY_FILE: '/run/secrets/stripe' };
    const { STRIPE_KEY: _unset, ...rest } = variables;

    assert.deepEqual(await check({ variables: rest, files: { '/run/secrets/stripe': 'sk\n' } }), []);
    assert.deepEqual(await check({ variables: rest }), ['8:7 The file that STRIPE_KEY_FILE names does not exist.']);
  });

  test('are counted', async () => {
    const loaded = await loadedText(MANIFEST);
    const report = await checkVariables(loaded, {
      files: memoryFiles({}),
      environmentVariable: () => undefined,
      folder: '/app',
    });

    assert.equal(report.checked, 7);
  });

  async function check(around: { variables?: Record<string, string>; files?: Record<string, string> }) {
    const loaded = await loadedText(MANIFEST);
    const { problems } = await checkVariables(loaded, {
      files: memoryFiles(around.files ?? {}),
      environmentVariable: variableOf(around.variables ?? {}),
      folder: '/app',
    });
    return problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
  }
});
