import type { BackupNeeds, KeyNeed, ProgramNeed } from './context.ts';
import { type DoctorCheck, type Finding, fail, pass, warn } from './doctor-finding.ts';

const mailServer: DoctorCheck = {
  name: 'mail server',
  async look({ offline }) {
    const { mail } = await offline.host.needs();
    if (mail === null) return null;
    const users = mail.usedBy.join(', ');
    if (mail.isSet) return pass(`One is set, for ${users}.`);
    return fail(`None is set, so nothing reaches ${users}.`, 'Set EVENKEEL_SMTP_URL=smtp://user:password@host:587.');
  },
};

const signingKey = backupCheck('signing key', ({ signingKey: key }) => {
  if (key.state === 'unset') {
    const fix = 'Make keys with `evenkeel key create`, and set EVENKEEL_SIGNING_KEY_FILE to its signing.pem.';
    return fail('None is set, so no backup is made.', fix);
  }
  return keyFinding(key, {
    known: 'signs backups',
    unknown: 'is none of keys.signers, so no backup is made',
    fix: (publicKey) => `Add ${publicKey} to keys.signers, or set EVENKEEL_SIGNING_KEY_FILE to the key that is meant.`,
  });
});

const identity = backupCheck('identity', ({ identity: key }) => {
  if (key.state === 'unset') {
    const fix = 'Make keys with `evenkeel key create`, and set EVENKEEL_AGE_IDENTITY_FILE to its platform.agekey.';
    return warn('None is set, so no backup is proven by a restore.', fix);
  }
  return keyFinding(key, {
    known: 'opens backups',
    unknown: 'is none of keys.recipients, so it opens no backup',
    fix: (publicKey) =>
      `Add ${publicKey} to keys.recipients, or set EVENKEEL_AGE_IDENTITY_FILE to the key that is meant.`,
  });
});

const vaults = backupCheck('vaults', ({ vaults: all }) => {
  const broken = all.filter(({ cause }) => cause !== null);
  if (broken.length === 0) return pass(`${all.map(({ where }) => where).join(', ')} can be written.`);
  const causes = broken.map(({ name, where, cause }) => `${name} at ${where} cannot be written (${cause})`);
  const [first] = broken;
  return fail(`${causes.join('; ')}.`, `Give this user ${first?.where}, or name another folder under \`vaults:\`.`);
});

const programs = backupCheck('programs', ({ programs: all }) => {
  if (all.length === 0) return null;
  const [toDump, toProve] = [missingOf(all, false), missingOf(all, true)];
  if (toDump.length > 0) return fail(`${namesOf(toDump)} not found, so no backup is made.`, installing(toDump));
  if (toProve.length > 0) return warn(`${namesOf(toProve)} not found, so no backup is proven.`, installing(toProve));
  return pass(`${all.map(({ name, version }) => `${name} ${version}`).join(', ')}.`);
});

/** What alerts and backups take. Each says nothing where the manifest does not use it. */
export const needChecks: readonly DoctorCheck[] = [mailServer, signingKey, identity, vaults, programs];

function backupCheck(name: string, judge: (needs: BackupNeeds) => Finding | null): DoctorCheck {
  return {
    name,
    async look({ offline }) {
      const { backups } = await offline.host.needs();
      return backups === null ? null : judge(backups);
    },
  };
}

interface KeyWords {
  readonly known: string;
  readonly unknown: string;
  readonly fix: (publicKey: string) => string;
}

function keyFinding(key: Exclude<KeyNeed, { state: 'unset' }>, { known, unknown, fix }: KeyWords): Finding {
  if (key.state === 'unusable') return fail(key.says, key.fix);
  if (key.state === 'unknown') return fail(`The key in ${key.file} ${unknown}.`, fix(key.publicKey));
  return pass(`The key in ${key.file} ${known}.`);
}

function missingOf(all: readonly ProgramNeed[], isForProof: boolean): readonly ProgramNeed[] {
  return all.filter((each) => each.version === null && each.isForProof === isForProof);
}

function namesOf(missing: readonly ProgramNeed[]): string {
  return missing.map(({ name }) => name).join(' and ');
}

function installing(missing: readonly ProgramNeed[]): string {
  return `Install them: \`sudo apt-get install ${[...new Set(missing.map((each) => each.package))].join(' ')}\`.`;
}
