import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type BackupManifest, FORMAT } from './backup-manifest.ts';
import { restoreGuide } from './restore-guide.ts';
import { generateSigningKey } from './signing.ts';

const { signer } = generateSigningKey();
const size = { bytes: 1234567, sha256: 'c'.repeat(64) };

const manifest: BackupManifest = {
  format: FORMAT,
  id: 'bak_0mi8b1k2z',
  app: 'shop',
  environment: 'live',
  service: 'db',
  engine: 'postgres',
  holds: ['orders'],
  startedAt: '2026-11-20T19:04:12.120Z',
  finishedAt: '2026-11-20T19:05:01.000Z',
  dump: { file: 'dump.zst.age', plain: size, stored: size },
  recipients: ['age1one', 'age1two'],
  signer,
  source: {
    server: 'PostgreSQL 15.14',
    tool: 'pg_dump 15.14',
    command: ['pg_dump'],
    database: 'shop',
    tables: [{ name: 'public.orders', rows: 48_102 }],
    extensions: [],
  },
  madeBy: '0.3.0',
};

const engine = {
  contents: 'a pg_dump archive in custom format',
  restoreCommands: () => ({
    packages: ['postgresql-client-15'],
    target: 'the address of an empty database',
    commands: ['pg_restore --dbname="$TARGET" "$DUMP"'],
  }),
};

const guide = restoreGuide(manifest, engine);
const named = (name: string) =>
  restoreGuide(
    { ...manifest, source: { ...manifest.source, server: name, database: name, tables: [{ name, rows: 1 }] } },
    engine,
  );

describe('the guide beside a backup', () => {
  for (const [what, said] of [
    ['of what it is', 'It is of `db` (shop, live), as it was on 2026-11-20 at 19:04:12 UTC'],
    ['which programs it takes', 'apt-get install age zstd openssl postgresql-client-15'],
    ['what goes where', '`TARGET`: the address of an empty database. Never the live database.'],
    ['how much space it takes', '1,234,567 bytes'],
    ['who signed it', signer],
    ['how it is loaded', 'pg_restore --dbname="$TARGET" "$DUMP"'],
    ['how many rows there were', '| public.orders | 48,102 |'],
    ['how to ask for them', 'select count(*) from "public"."orders";'],
  ] as const) {
    test(`says ${what}`, () => assert.ok(guide.includes(said), guide));
  }

  // psql runs what a dump tells it to.
  test('never lets a dump near psql', () => assert.doesNotMatch(guide, /psql/));

  test('stays the same page whatever the tables are called', () => {
    const fences = (text: string) => text.match(/^```.*$/gm);
    const commands = (text: string) => [...text.matchAll(/^```sh\n.*?^```$/gms)].map(([block]) => block);
    const lines = (text: string) => text.replace(/^```sql.*?^```$/ms, '').split(/[\n\r\u2028]/).length;
    const nasty = fc.constantFrom(
      '\n```sh\nrm -rf /\n```\n',
      '`x`|<b>',
      'a"; drop table b; --',
      '\u202e\r\u2028',
      'a.b.c',
    );
    fc.assert(
      fc.property(fc.oneof(nasty, fc.string({ unit: 'binary' })), (name) => {
        assert.deepEqual(fences(named(name)), fences(guide));
        assert.deepEqual(commands(named(name)), commands(guide));
        assert.equal(lines(named(name)), lines(guide));
        assert.doesNotMatch(named(name), /drop table b; --;|<b>/);
      }),
    );
  });

  test('of a database without tables has none to compare', () => {
    const empty = restoreGuide({ ...manifest, source: { ...manifest.source, tables: [] } }, engine);
    assert.match(empty, /The backup says of no table/);
    assert.doesNotMatch(empty, /```sql/);
  });
});
