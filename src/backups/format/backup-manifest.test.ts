import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type BackupManifest, FORMAT, MANIFEST_BYTES_MAX, manifestText, parseManifest } from './backup-manifest.ts';

const SUM = '0'.repeat(64);

const manifest: BackupManifest = {
  format: FORMAT,
  id: 'bak_0mi8b1k2z',
  app: 'shop',
  environment: 'live',
  service: 'db',
  engine: 'postgres',
  holds: ['users', 'orders'],
  startedAt: '2026-11-20T19:04:12.120Z',
  finishedAt: '2026-11-20T19:05:01.000Z',
  dump: { file: 'dump.zst.age', plain: { bytes: 1200, sha256: SUM }, stored: { bytes: 300, sha256: SUM } },
  recipients: ['age1one', 'age1two'],
  signer: 'ed25519:key',
  source: {
    server: 'PostgreSQL 15.14',
    tool: 'pg_dump 15.14',
    command: ['pg_dump', '-Fc'],
    database: 'shop',
    tables: [{ name: 'public.orders', rows: 12 }],
    extensions: [],
  },
  madeBy: '0.3.0',
};

const bytesOf = (content: unknown) => Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));

describe('manifest.json', () => {
  test('is read as it was written', () => {
    assert.deepEqual(parseManifest(bytesOf(manifestText(manifest))), manifest);
  });

  test('has the same bytes in whatever order its facts were put together', () => {
    const reversed = Object.fromEntries(Object.entries(manifest).toReversed()) as BackupManifest;
    assert.equal(manifestText(reversed), manifestText(manifest));
    assert.match(manifestText(manifest), /^\{\n {2}"format": "evenkeel-backup\/1",\n {2}"id"/);
  });

  test('is never written with what a reader would refuse', () => {
    assert.throws(() => manifestText({ ...manifest, service: '../etc' }));
    assert.throws(() => manifestText({ ...manifest, recipients: ['age1one'] }));
    assert.throws(() => manifestText({ ...manifest, holds: ['x'.repeat(MANIFEST_BYTES_MAX)] }), {
      code: 'BACKUP_MANIFEST_INVALID',
    });
  });

  test('of a newer format says which format it is', () => {
    const newer = { ...manifest, format: 'evenkeel-backup/2', somethingNew: true };
    assert.throws(() => parseManifest(bytesOf(newer)), {
      code: 'BACKUP_FORMAT_UNKNOWN',
      message: 'The backup is of the format evenkeel-backup/2; this version of Evenkeel reads evenkeel-backup/1.',
    });
  });

  for (const [what, content, problem] of [
    ['cut off', manifestText(manifest).slice(0, -3), /not JSON, or it was cut off/],
    ['empty', '', /not JSON/],
    ['of something else', '[]', /the whole: /],
    ['without a format', { ...manifest, format: undefined }, /format: /],
    ['with something we do not know', { ...manifest, extra: 1 }, /the whole: .*extra/],
    ['with a name that leaves the vault', { ...manifest, app: '..' }, /app: Expected letters/],
    ['with one recipient', { ...manifest, recipients: ['age1one'] }, /recipients: /],
    [
      'with a negative size',
      { ...manifest, dump: { ...manifest.dump, plain: { bytes: -1, sha256: SUM } } },
      /plain\.bytes: /,
    ],
    ['with another file', { ...manifest, dump: { ...manifest.dump, file: '/etc/passwd' } }, /dump\.file: /],
    ['with a time of some zone', { ...manifest, startedAt: '2026-11-20T19:04:12+01:00' }, /startedAt: /],
    ['that is too long', ' '.repeat(MANIFEST_BYTES_MAX + 1), /longer than/],
  ] as const) {
    test(`${what} is refused, and the place is named`, () => {
      assert.throws(() => parseManifest(bytesOf(content)), { code: 'BACKUP_MANIFEST_INVALID', message: problem });
    });
  }

  test('that is not UTF-8 is refused', () => {
    const text = manifestText({ ...manifest, holds: ['\u00ff'] });
    assert.throws(() => parseManifest(Buffer.from(text, 'latin1')), { code: 'BACKUP_MANIFEST_INVALID' });
  });

  test('of whatever kind never breaks the reader', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string({ unit: 'binary' })), (text) => {
        assert.throws(() => parseManifest(bytesOf(text)), { code: 'BACKUP_MANIFEST_INVALID' });
      }),
    );
  });
});
