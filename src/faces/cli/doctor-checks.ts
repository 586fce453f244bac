import { MINUTE_MS, SECOND_MS } from '../../kernel/clock.ts';
import { EvenkeelError } from '../../kernel/errors.ts';
import { amount } from './amount.ts';
import { type DoctorCheck, fail, pass, warn } from './doctor-finding.ts';
import { needChecks } from './doctor-needs.ts';
import { roughly } from './time-words.ts';

const FREE_BYTES_MIN = 100_000_000;
const FREE_BYTES_WARN = 1_000_000_000;
const CLOCK_SKEW_WARN_MS = 5 * SECOND_MS;
const CLOCK_SKEW_MAX_MS = MINUTE_MS;

const node: DoctorCheck = {
  name: 'node',
  async look({ version, offline }) {
    const { nodeNeeded } = offline.host;
    const isNewEnough = version.node.localeCompare(nodeNeeded, 'en', { numeric: true }) >= 0;
    if (isNewEnough) return pass(`Node ${version.node} on ${version.platform}.`);
    return fail(`Node ${version.node}; ${nodeNeeded} or newer is needed.`, 'Run `npm ci`: it brings the right one.');
  },
};

const dataFolder: DoctorCheck = {
  name: 'data folder',
  async look({ offline }) {
    const { path, freeBytes, cause } = await offline.host.dataFolder();
    if (cause !== null) {
      return fail(`${path} cannot be written (${cause}).`, 'Give this user the folder, or set EVENKEEL_DATA_DIR.');
    }
    const free = `${path} is writable, ${Math.floor(freeBytes / 1_000_000)} MB free.`;
    const remedy = 'Make room on that disk, or move the folder with EVENKEEL_DATA_DIR.';
    if (freeBytes < FREE_BYTES_MIN) return fail(free, remedy);
    return freeBytes < FREE_BYTES_WARN ? warn(free, remedy) : pass(free);
  },
};

const manifest: DoctorCheck = {
  name: 'manifest',
  async look({ offline }) {
    const { files, problems, warnings, services, monitors } = await offline.checkManifest(undefined);
    const [first] = problems;
    // Without a file there is nothing that `evenkeel check` could say more of.
    if (first !== undefined && files.length === 0) return fail(first.message, first.hint ?? 'Run `evenkeel check`.');
    if (first !== undefined)
      return fail(`${amount(problems.length, 'problem')} in ${files.join(', ')}.`, 'Run `evenkeel check`.');
    if (files.length === 0) return warn('There is none in this folder.', 'Run `evenkeel init`.');
    const says = `${files.join(', ')}: ${amount(services, 'service')}, ${amount(monitors, 'monitor')}.`;
    const unsure = `${says} ${amount(warnings.length, 'warning')}.`;
    return warnings.length === 0 ? pass(says) : warn(unsure, 'Run `evenkeel check`.');
  },
};

const port: DoctorCheck = {
  name: 'port',
  async look({ offline }) {
    const { address, holder } = await offline.host.port();
    if (holder === 'nobody') return pass(`${address} is free.`);
    if (holder === 'evenkeel') return pass(`${address} is held by a running Evenkeel.`);
    return fail(`Another program listens on ${address}.`, 'Stop it, or choose another port with EVENKEEL_PORT.');
  },
};

const server: DoctorCheck = {
  name: 'server',
  async look({ api }) {
    const self = await api.call('GET /api/v1/self').catch(asError);
    if (!(self instanceof EvenkeelError)) return pass(`${self.version} answers at ${api.where}.`);
    // Beside its data, a server that is not running is normal before the first start; one named by address is not.
    const isExpected = api.isRemote || self.code !== 'CLI_SERVER_UNREACHABLE';
    return isExpected ? fail(self.message, self.hint) : warn(self.message, self.hint);
  },
};

const database: DoctorCheck = {
  name: 'database',
  async look({ offline }) {
    const { engine, where, cause, pendingSteps } = await offline.host.database();
    if (cause !== null) {
      return fail(`${engine} at ${where} cannot be used (${cause}).`, 'Check that it runs and EVENKEEL_DATABASE_URL.');
    }
    if (pendingSteps === 0) return pass(`${engine} at ${where}, schema up to date.`);
    return warn(
      `${engine} at ${where}, ${amount(pendingSteps, 'schema step')} to do.`,
      '`evenkeel serve` does them by itself; `evenkeel self migrate --dry-run` shows them.',
    );
  },
};

const clock: DoctorCheck = {
  name: 'clock',
  async look({ api, offline, clock: own }) {
    const [{ now }, self] = await Promise.all([offline.host.database(), api.call('GET /api/v1/self').catch(asError)]);
    const serverNow = self instanceof EvenkeelError ? null : Date.parse(self.startedAt) + self.uptimeMs;
    const others = [now, serverNow].filter((each) => each !== null);
    if (others.length === 0) return pass('There is no other clock to compare with.');
    const skewMs = Math.max(...others.map((each) => Math.abs(own.now() - each)));
    const remedy = 'Keep the clocks together, e.g. with `timedatectl set-ntp true`.';
    if (skewMs > CLOCK_SKEW_MAX_MS)
      return fail(`${roughly(skewMs)} apart from the server's or the database's.`, remedy);
    if (skewMs > CLOCK_SKEW_WARN_MS)
      return warn(`${roughly(skewMs)} apart from the server's or the database's.`, remedy);
    return pass('Agrees with the server and the database.');
  },
};

const timeZones: DoctorCheck = {
  name: 'time zones',
  async look() {
    // Summer time in Berlin is what a Node without zone data, or with a broken one, gets wrong.
    const summer = new Intl.DateTimeFormat('en', { timeZone: 'Europe/Berlin', hour: 'numeric', hourCycle: 'h23' });
    const isRight = summer.format(Date.UTC(2026, 6, 1)) === '02' && summer.format(Date.UTC(2026, 0, 1)) === '01';
    if (isRight) return pass('Time zone data is complete.');
    return fail('Time zone data is missing.', 'Use the Node that `npm ci` brings; it has all of it.');
  },
};

const publicUrl: DoctorCheck = {
  name: 'public address',
  async look({ offline }) {
    const { publicUrl: address } = offline.host;
    if (address !== undefined) return pass(`Links point to ${address}.`);
    return warn('None is set, so links point to this machine.', 'Set EVENKEEL_PUBLIC_URL=https://status.example.com.');
  },
};

/** In the order in which one thing needs the other. */
export const doctorChecks: readonly DoctorCheck[] = [
  node,
  timeZones,
  dataFolder,
  database,
  manifest,
  port,
  server,
  clock,
  publicUrl,
  ...needChecks,
];

function asError(thrown: unknown): EvenkeelError {
  if (thrown instanceof EvenkeelError) return thrown;
  throw thrown;
}
