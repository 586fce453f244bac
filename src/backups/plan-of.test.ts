import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as z from 'zod';
import { loadText, saidOf } from '../../test/support/manifests.ts';
import type { AppModel, Service } from '../contracts/app-model.ts';
import { HOUR_MS } from '../kernel/clock.ts';
import { Secret } from '../kernel/secret.ts';
import { type BackupSettings, backupPlanOf } from './plan-of.ts';
import { backupsSection } from './section.ts';

const AGE = [`age1${'q'.repeat(58)}`, `age1${'p'.repeat(58)}`];
const SIGNER = `ed25519:${'A'.repeat(43)}=`;
const Top = z.strictObject(backupsSection.topLevel);
const ServiceKeys = z.strictObject(backupsSection.service);

interface Written {
  readonly url?: string;
  readonly engine?: string;
  readonly backup?: unknown;
  readonly holds?: readonly string[];
}

/** As the manifest hands it out: everything went through its schema. */
function planned(services: Readonly<Record<string, Written>>, top: object = TOP) {
  const model: AppModel = {
    app: 'shop',
    environment: 'live',
    environments: ['live'],
    services: Object.entries(services).map(([name, { url, engine = null }]): Service => {
      const address = url === undefined ? null : new Secret(url, `services.${name}.url`);
      const rest = { description: null, was: [], source: null, health: null, dependsOn: [] };
      return { name, engine, url: address, ...rest };
    }),
  };
  const { vaults = {}, keys } = Top.parse(top);
  const written = Object.entries(services).map(
    ([name, { backup, holds }]) => [name, ServiceKeys.parse({ backup, holds })] as const,
  );
  const settings: BackupSettings = { vaults, keys, services: Object.fromEntries(written) };
  return backupPlanOf(model, settings, '/srv/shop');
}

const TOP = { vaults: { local: './backups' }, keys: { recipients: AGE, signers: [SIGNER] } };
const DB: Written = { url: 'postgres://u:p@db/shop', engine: 'postgres', backup: true };

test('`backup: true` is every night at two, UTC, proven each week, kept a year [BAK-02/R]', () => {
  const { plan, notes } = planned({ db: { ...DB, holds: ['users'] } });
  const [source] = plan.sources;

  assert.deepEqual(notes, []);
  assert.deepEqual([plan.app, plan.recipients, plan.signers], ['shop', AGE, [SIGNER]]);
  assert.deepEqual(plan.vaults, [{ name: 'local', type: 'directory', settings: { folder: '/srv/shop/backups' } }]);
  assert.deepEqual(
    { ...source, url: source?.url.reveal() },
    {
      service: 'db',
      url: 'postgres://u:p@db/shop',
      engine: 'postgres',
      holds: ['users'],
      schedule: { kind: 'daily', minutes: 120, zone: 'UTC' },
      prove: 'weekly',
      assertions: [],
      vaults: ['local'],
      keep: { daily: 7, weekly: 4, monthly: 12, yearly: 0 },
    },
  );
});

test('everything about it can be said', () => {
  const backup = {
    at: '03:15',
    zone: 'Europe/Berlin',
    prove: 'always',
    assert: ['select true'],
    vault: 'attic',
    keep: { daily: 30, yearly: 5 },
  };
  const { plan } = planned({ db: { ...DB, backup } }, { ...TOP, vaults: { local: './backups', attic: '/mnt/attic' } });
  const [source] = plan.sources;

  assert.deepEqual(source?.schedule, { kind: 'daily', minutes: 195, zone: 'Europe/Berlin' });
  assert.deepEqual([source.prove, source.assertions, source.vaults], ['always', ['select true'], ['attic']]);
  assert.deepEqual(source.keep, { daily: 30, weekly: 4, monthly: 12, yearly: 5 });
});

test('an interval takes the place of a time of day', () => {
  const { plan } = planned({ db: { ...DB, backup: { every: '6h' } } });

  assert.deepEqual(plan.sources[0]?.schedule, { kind: 'interval', everyMs: 6 * HOUR_MS });
});

test('it goes to every vault, unless one is named', () => {
  const vaults = { local: './backups', attic: '/mnt/attic' };

  assert.deepEqual(planned({ db: DB }, { ...TOP, vaults }).plan.sources[0]?.vaults, ['local', 'attic']);
});

const ADDRESSES = [
  ['sqlite:data/shop.db', 'sqlite:/srv/shop/data/shop.db'],
  ['sqlite:./data/shop.db', 'sqlite:/srv/shop/data/shop.db'],
  ['file:../shop.db', 'sqlite:/srv/shop.db'],
  ['sqlite:///var/lib/shop.db', 'sqlite:/var/lib/shop.db'],
  ['sqlite:/var/lib/shop.db', 'sqlite:/var/lib/shop.db'],
] as const;

for (const [written, meant] of ADDRESSES) {
  test(`the file of ${written} is ${meant} for a manifest in /srv/shop`, () => {
    const { plan } = planned({ db: { url: written, backup: true } });

    assert.deepEqual([plan.sources[0]?.engine, plan.sources[0]?.url.reveal()], ['sqlite', meant]);
  });
}

test('what answers as PostgreSQL does is one, also where nobody said so', () => {
  const { plan } = planned({ db: { url: 'postgresql://db/shop', backup: true } });

  assert.equal(plan.sources[0]?.engine, 'postgres');
});

const OBSTACLES: readonly [string, Written, object, RegExp][] = [
  ['an engine that cannot be backed up yet', { ...DB, engine: 'redis' }, TOP, /cannot back up the engine redis yet/],
  ['no address', { engine: 'postgres', backup: true }, TOP, /does not say where it answers/],
  ['no keys', DB, { vaults: TOP.vaults }, /no keys to encrypt it for/],
  ['no vault', DB, { keys: TOP.keys }, /no vault that this version can write to/],
  ['only a bucket', DB, { ...TOP, vaults: { offsite: { s3: 's3://backups' } } }, /no vault that this version can/],
];

for (const [what, service, top, message] of OBSTACLES) {
  test(`with ${what} nothing is backed up, and a note says so at its place`, () => {
    const { plan, notes } = planned({ db: service }, top);

    assert.deepEqual(plan.sources, []);
    assert.deepEqual(notes[0]?.path, ['services', 'db', 'backup']);
    assert.match(notes[0].message, message);
    assert.match(notes[0].hint, /\S/);
  });
}

test('a service that holds something and says nothing of a backup is noted, and one that declines it is not', () => {
  const { notes } = planned({
    db: { url: 'postgres://db/shop', holds: ['users', 'orders'] },
    cache: { url: 'redis://cache', holds: ['sessions'], backup: false },
    web: { url: 'https://shop.example' },
  });

  assert.deepEqual(
    notes.map(({ path, message }) => [path.join('.'), message]),
    [['services.db.holds', 'db holds users, orders, and nothing says how it is backed up.']],
  );
});

test('one key is not enough: whoever loses it loses every backup', () => {
  for (const recipients of [AGE.slice(0, 1), [AGE[0], AGE[0]]]) {
    const parsed = Top.safeParse({ keys: { recipients } });

    assert.match(parsed.error?.issues[0]?.message ?? '', /^Two different keys are needed/);
  }
});

test('what is no whole public key is noted at its place, before a night passes without a backup', () => {
  const keys = { recipients: [AGE[0] ?? '', 'age1platform…'], signers: [SIGNER.slice(0, -2)] };

  const { notes } = planned({}, { keys });

  assert.deepEqual(
    notes.map(({ path }) => path),
    [
      ['keys', 'recipients', 1],
      ['keys', 'signers', 0],
    ],
  );
});

test('a private key among the public ones is called what it is, and nobody repeats it', async () => {
  const result = await loadText('app: shop\nkeys: { recipients: [AGE-SECRET-KEY-1HUNTER2, age1offline] }\n');

  assert.match(saidOf(result).join('\n'), /This is a private key: .*`evenkeel key create`/);
  assert.doesNotMatch(saidOf(result).join('\n'), /HUNTER2/);
});
