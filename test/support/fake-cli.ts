import { Writable } from 'node:stream';
import type { ApiClient, HealthAnswer } from '../../src/faces/cli/api-client.ts';
import type { HostFacts, ManifestReport, Offline } from '../../src/faces/cli/context.ts';
import type { ImportReport } from '../../src/faces/cli/offline-import.ts';
import type { KeysReport } from '../../src/faces/cli/offline-keys.ts';
import type { VaultBackup } from '../../src/faces/cli/offline-vault.ts';
import type { CliDeps } from '../../src/faces/cli/program.ts';
import { runCli } from '../../src/faces/cli/program.ts';
import type { ApiAnswers, ExportLine } from '../../src/faces/http/contract.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import { FakeClock } from './fake-clock.ts';

export interface FakeCliOptions {
  /** What the server answers; asking for anything else fails the test. An error is thrown instead; a list is for one call after the other. */
  readonly answers?: {
    readonly [Route in keyof ApiAnswers]?: ApiAnswers[Route] | Error | readonly (ApiAnswers[Route] | Error)[];
  };
  readonly health?: HealthAnswer | Error;
  readonly lines?: readonly ExportLine[];
  readonly isRemote?: boolean;
  readonly offline?: Partial<Omit<Offline, 'host'>>;
  readonly host?: Partial<HostFacts>;
  readonly files?: Readonly<Record<string, string>>;
  /** Makes both streams terminals of this width. */
  readonly columns?: number;
  readonly wishes?: Partial<Pick<CliDeps['terminal'], 'noColour' | 'term' | 'accessible'>>;
  readonly showsStacks?: boolean;
  /** A real client, for a test with a real server. */
  readonly api?: ApiClient;
  /** Stands still at noon of 2026-11-20 unless given. */
  readonly clock?: Clock;
}

export interface FakeCliRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** Routes asked for, each with its input. */
  readonly calls: readonly (readonly [route: string, input: unknown])[];
  /** Offline abilities used, each with its argument. */
  readonly used: readonly (readonly [ability: string, argument: unknown])[];
  /** Files as they are afterwards, by absolute path. */
  readonly files: ReadonlyMap<string, string>;
  readonly isInsecureAllowed: boolean;
}

export const VALID_MANIFEST: ManifestReport = {
  files: ['evenkeel.yaml'],
  app: 'shop',
  services: 14,
  monitors: 3,
  variables: 5,
  problems: [],
  warnings: [],
};

export const A_VAULT_BACKUP: VaultBackup = {
  id: 'bak_2',
  app: 'shop',
  environment: 'live',
  service: 'db',
  engine: 'postgres',
  takenAt: Date.parse('2026-11-20T02:00:00Z'),
  bytes: 41_200_000,
  plainBytes: 212_000_000,
  folder: 'shop/live/db/2026/11/20/20261120T020000Z-bak_2',
  isSignatureTrusted: true,
};

const NOTHING_IMPORTED: ImportReport = {
  title: 'Uptime Kuma',
  file: 'evenkeel.d/imported-kuma.yaml',
  isWritten: true,
  items: [],
  variables: [],
  notes: [],
  problems: [],
  hasPast: true,
};

const READ_BACK = { backup: A_VAULT_BACKUP, findings: ['12 tables, 48,102 rows, all as they were.'], tookMs: 14_000 };

const KEYS: KeysReport = {
  folder: '/project/keys',
  keys: [
    {
      file: 'platform.agekey',
      use: 'Opens backups, to prove them by a restore.',
      place: 'On the server, named by EVENKEEL_AGE_IDENTITY_FILE.',
      publicKey: 'age1platform',
    },
    {
      file: 'offline.agekey',
      use: 'Opens backups when the server is lost.',
      place: 'In a safe, and no longer on the server.',
      publicKey: 'age1offline',
    },
  ],
  manifest: 'keys:\n  recipients: ["age1platform", "age1offline"]\n',
};

/** Runs a whole command line against fakes: nothing leaves the process, and the clock stands still. */
export async function runFakeCli(argv: readonly string[], options: FakeCliOptions = {}): Promise<FakeCliRun> {
  const calls: (readonly [string, unknown])[] = [];
  const used: (readonly [string, unknown])[] = [];
  const files = new Map(Object.entries(options.files ?? {}));
  const [stdout, stderr] = [capture(options.columns), capture(options.columns)];
  let isInsecureAllowed = false;
  const code = await runCli(argv, {
    terminal: {
      stdout: stdout.stream,
      stderr: stderr.stream,
      noColour: undefined,
      term: 'xterm-256color',
      accessible: undefined,
      ...options.wishes,
    },
    clock: options.clock ?? new FakeClock('2026-11-20T12:00:00Z'),
    files: fakeFiles(files),
    folder: '/project',
    version: { version: '0.1.0', node: '26.10.0', platform: 'linux-x64' },
    offline: fakeOffline(options, used),
    connect: (wishes) => {
      isInsecureAllowed = wishes.isInsecureAllowed;
      return options.api ?? fakeApi(options, calls);
    },
    showsStacks: options.showsStacks ?? false,
  });
  return { code, out: stdout.text(), err: stderr.text(), calls, used, files, isInsecureAllowed };
}

function fakeApi(
  { answers = {}, health, lines = [], isRemote = false }: FakeCliOptions,
  calls: FakeCliRun['calls'][number][],
): ApiClient {
  return {
    where: isRemote ? 'https://status.example' : '/project/.evenkeel/admin.sock',
    isRemote,
    async call(route, ...[input]) {
      calls.push([route, input]);
      const listed: unknown = answers[route];
      const asked = calls.filter(([each]) => each === route).length;
      const answer: unknown = Array.isArray(listed) ? listed[asked - 1] : listed;
      if (answer === undefined) throw new Error(`The fake server knows no ${route}.`);
      if (answer instanceof Error) throw answer;
      return answer as ApiAnswers[typeof route];
    },
    async health(endpoint, isDetailed) {
      calls.push([`GET ${endpoint}`, { isDetailed }]);
      if (health instanceof Error) throw health;
      return health ?? { status: 'pass' };
    },
    async *export(input) {
      calls.push(['GET /api/v1/export', input]);
      yield* lines;
    },
  };
}

function fakeOffline({ offline, host }: FakeCliOptions, used: FakeCliRun['used'][number][]): Offline {
  const note =
    <Result>(ability: string, result: Result) =>
    async (argument: unknown) => {
      used.push([ability, argument]);
      return result;
    };
  const plan = { database: 'evenkeel.db', direction: 'up', steps: [] } as const;
  return {
    serve: note('serve', undefined),
    demo: note('demo', undefined),
    probe: note('probe', undefined),
    checkManifest: note('checkManifest', VALID_MANIFEST),
    proposeManifest: note('proposeManifest', { text: 'app: shop\n', findings: [] }),
    importFrom: note('importFrom', NOTHING_IMPORTED),
    async *importedPast(wish) {
      used.push(['importedPast', wish]);
      yield* [];
    },
    writeEditorSchema: note('writeEditorSchema', undefined),
    planMigration: note('planMigration', plan),
    migrate: note('migrate', plan),
    createKeys: note('createKeys', KEYS),
    showKeys: note('showKeys', KEYS),
    listVault: note('listVault', { where: '/mnt/vault', backups: [A_VAULT_BACKUP], incomplete: [] }),
    verifyInVault: note('verifyInVault', { ...READ_BACK, level: 'readable' }),
    restoreFromVault: note('restoreFromVault', { ...READ_BACK, where: 'db.example/shop' }),
    ...offline,
    host: {
      dataFolder: async () => ({ path: '/project/.evenkeel', freeBytes: 20e9, cause: null }),
      port: async () => ({ address: '127.0.0.1:7373', holder: 'nobody' }),
      database: async () => ({ engine: 'sqlite', where: 'evenkeel.db', cause: null, pendingSteps: 0, now: null }),
      needs: async () => ({ mail: null, backups: null }),
      publicUrl: 'https://status.shop.example',
      nodeNeeded: '26.0.0',
      ...host,
    },
  };
}

function fakeFiles(files: Map<string, string>): CliDeps['files'] {
  return {
    read: async (path) => files.get(path),
    list: async () => [],
    create: async (path, text) => {
      if (files.has(path)) return false;
      files.set(path, text);
      return true;
    },
    replace: async (path, text) => void files.set(path, text),
    remove: async (path) => void files.delete(path),
  };
}

function capture(columns: number | undefined) {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  const facts = columns === undefined ? {} : { isTTY: true, columns };
  return { stream: Object.assign(stream, facts), text: () => Buffer.concat(chunks).toString('utf8') };
}
