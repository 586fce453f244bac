import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { type Actor, NOBODY } from '../../src/contracts/roles.ts';
import { createIdentity } from '../../src/identity/index.ts';
import { DAY_MS, MINUTE_MS } from '../../src/kernel/clock.ts';
import { createSystemIds } from '../../src/platform/system-ids.ts';
import { ENGINES } from '../support/databases.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { recordingLog } from '../support/silent-log.ts';

const OWNER: Actor = { name: 'admin socket', role: 'owner' };
const bearer = (secret: { reveal(): string }) => `Bearer ${secret.reveal()}`;

for (const { engine, open } of ENGINES) {
  describe(`identity on ${engine}`, () => {
    async function openIdentity(t: TestContext) {
      const db = await open(t);
      const clock = new FakeClock();
      const log = recordingLog();
      const identity = createIdentity({ db, clock, log, ids: createSystemIds(clock), environment: 'live' });
      t.after(() => identity.close());
      return { db, clock, log, identity };
    }

    test('takes a token for who it was made for', async (t) => {
      const { identity } = await openIdentity(t);

      const { token, secret } = await identity.createToken(OWNER, { name: 'ci', role: 'operator' });
      const actor = await identity.authenticate(bearer(secret));

      assert.deepEqual(actor, { name: 'token ci', role: 'operator', tokenId: token.id });
      assert.match(secret.reveal(), /^ek_api_[0-9a-z]+_[\w-]{43}$/);
    });

    test('takes no header for nobody, and anything that is not a token for an error', async (t) => {
      const { identity } = await openIdentity(t);
      const { secret } = await identity.createToken(OWNER, { name: 'ci', role: 'owner' });
      const text = secret.reveal();
      const other = text.at(-2) === 'A' ? 'B' : 'A';
      const wrong = [
        '',
        'Bearer',
        'Bearer x',
        `Basic ${text}`,
        text,
        `Bearer ${text.slice(0, -2)}${other}${text.at(-1)}`,
      ];

      assert.equal((await identity.authenticate(undefined)).role, 'public');
      for (const header of wrong) {
        await assert.rejects(identity.authenticate(header), { code: 'TOKEN_INVALID' }, header);
      }
    });

    test('takes the token of a probe for its location, in our environment, and without any role', async (t) => {
      const { identity } = await openIdentity(t);

      const { token, secret } = await identity.createToken(OWNER, { name: 'fra 1', role: 'public', location: 'fra' });
      const actor = await identity.authenticate(bearer(secret));

      assert.deepEqual(actor, { name: 'probe fra 1', role: 'public', tokenId: token.id, location: 'fra' });
      assert.match(secret.reveal(), /^ek_probe_[0-9a-z]+_[\w-]{43}$/);
      assert.deepEqual([token.kind, token.environment, token.location], ['probe', 'live', 'fra']);
      assert.equal((await identity.tokens())[0]?.location, 'fra');
    });

    test('stores the hash of a token and never the token', async (t) => {
      const { db, identity } = await openIdentity(t);

      const { secret } = await identity.createToken(OWNER, { name: 'ci', role: 'viewer' });
      const rows = await db.of<{ token: object }>().selectFrom('token').selectAll().execute();

      const chance = secret.reveal().slice(-43);
      assert.ok(!JSON.stringify(rows).includes(chance));
      assert.equal(rows.length, 1);
    });

    test('refuses an expired, a revoked and a foreign token alike, and only the log says why', async (t) => {
      const { clock, log, identity } = await openIdentity(t);
      const expiresAt = clock.now() + DAY_MS;
      const expired = await identity.createToken(OWNER, { name: 'expired', role: 'viewer', expiresAt });
      const revoked = await identity.createToken(OWNER, { name: 'revoked', role: 'viewer' });
      const foreign = await identity.createToken(OWNER, { name: 'foreign', role: 'viewer', environment: 'local' });
      await identity.authenticate(bearer(expired.secret));
      await identity.authenticate(bearer(revoked.secret));

      await identity.revokeToken(OWNER, revoked.token.id);
      await clock.advance(DAY_MS);

      for (const { secret } of [expired, revoked, foreign]) {
        await assert.rejects(identity.authenticate(bearer(secret)), { message: 'This token is not valid.' });
      }
      const reasons = log.lines.map(({ data }) => `${String(data['name'])}: ${String(data['because'])}`);
      assert.deepEqual(reasons, [
        'expired: it has expired',
        'revoked: it is revoked',
        'foreign: it is for another environment',
      ]);
    });

    test('never makes a token that may do more than its maker', async (t) => {
      const { identity } = await openIdentity(t);
      const operator: Actor = { name: 'token ci', role: 'operator' };

      await assert.rejects(identity.createToken(operator, { name: 'x', role: 'owner' }), {
        code: 'TOKEN_ROLE_TOO_HIGH',
      });
      await identity.createToken(operator, { name: 'x', role: 'operator' });

      assert.deepEqual(
        (await identity.tokens()).map(({ name, role, createdBy }) => ({ name, role, createdBy })),
        [{ name: 'x', role: 'operator', createdBy: 'token ci' }],
      );
    });

    test('announces what it makes and revokes, and revokes only once', async (t) => {
      const { db, identity } = await openIdentity(t);

      const { token } = await identity.createToken(OWNER, { name: 'ci', role: 'viewer' });
      await identity.revokeToken(OWNER, token.id);

      await assert.rejects(identity.revokeToken(OWNER, token.id), { code: 'TOKEN_ALREADY_REVOKED' });
      await assert.rejects(identity.revokeToken(OWNER, 'tok_none'), { code: 'TOKEN_UNKNOWN' });
      const events = await db.of<{ outbox: { name: string } }>().selectFrom('outbox').select('name').execute();
      assert.deepEqual(
        events.map(({ name }) => name),
        ['token.created', 'token.revoked'],
      );
    });

    test('changes nothing on a dry run', async (t) => {
      const { identity } = await openIdentity(t);
      const { token, secret } = await identity.createToken(OWNER, { name: 'ci', role: 'viewer' });

      const dry = await identity.createToken(OWNER, { name: 'dry', role: 'viewer' }, { dryRun: true });
      await identity.revokeToken(OWNER, token.id, { dryRun: true });

      await assert.rejects(identity.authenticate(bearer(dry.secret)), { code: 'TOKEN_INVALID' });
      assert.equal((await identity.authenticate(bearer(secret))).role, 'viewer');
    });

    test('makes the first owner once, also after that token is revoked', async (t) => {
      const { identity } = await openIdentity(t);

      const first = await identity.ensureOwner();
      assert.ok(first !== undefined);
      assert.equal((await identity.authenticate(bearer(first.secret))).role, 'owner');

      await identity.revokeToken(OWNER, first.token.id);
      assert.equal(await identity.ensureOwner(), undefined);
    });

    test('remembers when a token was used, and writes it at most once a minute', async (t) => {
      const { clock, identity } = await openIdentity(t);
      const { secret } = await identity.createToken(OWNER, { name: 'ci', role: 'viewer' });
      const lastUsed = async () => {
        await identity.close();
        return (await identity.tokens())[0]?.lastUsedAt;
      };
      const start = clock.now();

      assert.equal(await lastUsed(), null);
      await identity.authenticate(bearer(secret));
      assert.equal(await lastUsed(), start);
      await clock.advance(MINUTE_MS - 1);
      await identity.authenticate(bearer(secret));
      assert.equal(await lastUsed(), start);
      await clock.advance(1);
      await identity.authenticate(bearer(secret));
      assert.equal(await lastUsed(), start + MINUTE_MS);
    });

    test('keeps the audit trail newest first and in pages', async (t) => {
      const { db, clock, identity } = await openIdentity(t);
      for (const action of ['one', 'two', 'three']) {
        await clock.advance(1);
        await identity.audit.note({ actor: OWNER, action, outcome: 'done', subject: 'x'.repeat(1_000) });
      }

      const [three, two] = await identity.audit.list({ limit: 2 });
      const rest = await identity.audit.list({ limit: 2, before: two?.id ?? '' });

      assert.deepEqual([three?.action, two?.action, ...rest.map(({ action }) => action)], ['three', 'two', 'one']);
      assert.equal(three?.subject?.length, 300);
      const failing = db.quiet('test', async (tx) => {
        await identity.audit.record(tx, { actor: OWNER, action: 'four', outcome: 'done' });
        throw new Error('the act failed');
      });
      await assert.rejects(failing, /the act failed/);
      assert.equal((await identity.audit.list({ limit: 10 })).length, 3);
    });

    test('forgets after a while what strangers were refused, and nothing else', async (t) => {
      const { clock, identity } = await openIdentity(t);
      await identity.audit.note({ actor: NOBODY, action: 'knock', outcome: 'refused' });
      await identity.audit.note({ actor: OWNER, action: 'mistake', outcome: 'refused' });
      await identity.audit.note({ actor: OWNER, action: 'act', outcome: 'done' });
      await clock.advance(1_000);
      const before = clock.now();
      await identity.audit.note({ actor: NOBODY, action: 'knock again', outcome: 'refused' });

      assert.equal(await identity.audit.forgetStrangers(before), 1);

      const left = await identity.audit.list({ limit: 10 });
      assert.deepEqual(new Set(left.map(({ action }) => action)), new Set(['mistake', 'act', 'knock again']));
    });
  });
}
