import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadedText } from '../../test/support/manifests.ts';
import { memoryFiles } from '../../test/support/memory-files.ts';
import type { Files } from '../kernel/files.ts';
import { proposeManifest } from './index.ts';

test('every finding says in which line it stands', async () => {
  const { findings } = await propose({
    'compose.yaml': 'services:\n  cache:\n    image: redis:7\n    ports: ["6379:6379"]\n',
  });

  assert.deepEqual(
    findings.map(({ what, why, evidence }) => ({ what, why, evidence })),
    [
      { what: 'service cache', why: 'compose.yaml:2 runs redis:7', evidence: { file: 'compose.yaml', line: 2 } },
      { what: 'service cache', why: 'compose.yaml:3 its image is redis', evidence: { file: 'compose.yaml', line: 3 } },
      { what: 'service cache', why: 'compose.yaml:4 publishes port 6379', evidence: { file: 'compose.yaml', line: 4 } },
    ],
  );
});

test('what several files say about one folder becomes one service', async () => {
  const { manifest } = await loaded({
    'compose.yaml': 'services:\n  shop:\n    build: ./code\n    ports: ["80:3000"]\n',
    'code/package.json': '{ "name": "another-name", "dependencies": { "express": "5" } }',
    'code/index.js': "app.get('/healthz', answer)",
    'code/Dockerfile': 'FROM node\nEXPOSE 3000',
  });

  assert.deepEqual(Object.keys(manifest.services ?? {}), ['shop']);
  assert.equal(manifest.services?.['shop']?.url?.reveal(), 'http://127.0.0.1:80');
  assert.equal(manifest.services?.['shop']?.health, '/healthz');
});

test('what is proposed for alerts and backups works as soon as its marks are taken off', async () => {
  const { text } = await proposeManifest(
    memoryFiles({ '/project/compose.yaml': 'services:\n  db:\n    image: postgres:16\n    ports: ["5432:5432"]\n' }),
    '/project',
  );
  const switchedOn = text.replaceAll(
    /^(?<indent> *)# (?=backup: |channels:|vaults:| {2}(?:dev|local): )/gm,
    '$<indent>',
  );
  const keys = 'keys: { recipients: [age1platform, age1offline], signers: [] }\n';
  const variables = { SLACK_WEBHOOK_URL: 'https://hooks.slack.example/services/T0/B0/x' };

  const { manifest } = await loadedText(`${switchedOn}\n${keys}`, { variables });

  assert.equal(manifest.services?.['db']?.backup, true);
  assert.deepEqual(Object.keys(manifest.channels ?? {}), ['dev']);
  assert.deepEqual(manifest.vaults, { local: './backups' });
});

test('a client of MariaDB that is called after MySQL still needs the MariaDB that runs', async () => {
  const { manifest } = await loaded({
    'compose.yaml': 'services:\n  store:\n    image: mariadb\n    ports: ["3306:3306"]\n',
    'requirements.txt': 'django\nmysqlclient\n',
  });

  assert.deepEqual(Object.keys(manifest.services ?? {}), ['store', 'app']);
  assert.deepEqual(manifest.services?.['app']?.depends_on, ['store']);
});

test('a DATABASE_URL that does not say of what belongs to the database that was found', async () => {
  const { manifest } = await loaded({
    'package.json': '{ "dependencies": { "fastify": "5", "mysql2": "3" } }',
    '.env.example': 'DATABASE_URL=\n',
  });

  assert.deepEqual(Object.keys(manifest.services ?? {}), ['app', 'db']);
  assert.equal(manifest.services?.['db']?.engine, 'mysql');
});

test('a circle of dependencies loses the arrow that closes it', async () => {
  const { manifest } = await loaded({
    'compose.yaml':
      'services:\n  a: { build: a, depends_on: [b], ports: ["80:80"] }\n  b: { build: b, depends_on: [a] }\n',
  });

  assert.deepEqual([manifest.services?.['a']?.depends_on, manifest.services?.['b']?.depends_on], [['b'], undefined]);
});

test('values of examples and of compose files are never copied', async () => {
  const { text, findings } = await propose({
    '.env.example':
      'DATABASE_URL=postgres://root:hunter2@db.internal/shop\nexport REDIS_URL="hunter2"\nS3_BUCKET=hunter2\n',
    'compose.yaml': 'services:\n  db:\n    image: postgres\n    environment: { POSTGRES_PASSWORD: hunter2 }\n',
    '.env': 'DATABASE_URL=hunter2',
  });

  assert.doesNotMatch(text + JSON.stringify(findings), /hunter2|internal/);
});

test('names that YAML reads as numbers, truths or nothing stay names', async () => {
  const compose = 'services:\n  "null": { build: a, depends_on: ["7", "true"], ports: ["80:80"] }\n';
  const { manifest } = await loaded({
    'package.json': '{ "name": "2024", "dependencies": {} }',
    'compose.yaml': `${compose}  "7": { build: b, ports: ["81:81"] }\n  "true": { build: c, ports: ["82:82"] }\n`,
  });

  assert.equal(manifest.app, '2024');
  assert.deepEqual(manifest.services?.['null']?.depends_on, ['7', 'true']);
  assert.deepEqual(Object.values(manifest.status?.groups ?? {}), [['7', 'null', 'true']]);
});

test('a name cannot turn the reading direction of the line it stands in', async () => {
  const { text } = await loaded({ 'compose.yaml': 'services:\n  web: { build: "./a\u{202e}b\u{2066}" }\n' });

  assert.doesNotMatch(text.replaceAll(/^\s*source:.*$/gm, ''), /[\u202a-\u202e\u2066-\u2069]/);
});

test('names from strangers cannot leave their comment or their quotes', async () => {
  const evil = 'x\\ny: 1\\u2028z: "${HOME}" ${file:/etc/passwd}';
  const { text } = await loaded({
    'package.json': `{ "name": "${evil.replaceAll('"', '\\"')}", "dependencies": { "express": "1" } }`,
    'a\nservices: {}/package.json': '{ "dependencies": { "koa": "3" } }',
    '${HOME}/package.json': '{ "dependencies": { "koa": "3" } }',
    'compose.yaml': 'services:\n  "a b: {c}":\n    image: "q\\nr: 1"\n    build: "./${file:/etc/passwd}\\n"\n',
  });

  assert.doesNotMatch(text, /^(?:y|z|r|services: \{\})/m);
});

const TRAPS: Readonly<Record<string, { readonly files: Record<string, string>; readonly why: RegExp }>> = {
  'a billion laughs': { files: { 'compose.yaml': laughs() }, why: /compose\.yaml: it cannot be understood/ },
  'brackets without end': {
    files: { 'compose.yaml': `services: ${'['.repeat(100_000)}` },
    why: /compose\.yaml: it cannot be understood/,
  },
  tabs: { files: { 'compose.yaml': 'services:\n\tweb: {}\n' }, why: /compose\.yaml: it cannot be understood/ },
  'no services': { files: { 'compose.yaml': '- just\n- a list\n' }, why: /compose\.yaml: .*it names no services/ },
  'a huge file': { files: { 'package.json': ' '.repeat(300_000) }, why: /package\.json: it is larger than 256 kB/ },
  'a binary file': { files: { Dockerfile: 'FROM x\n\0\0' }, why: /Dockerfile: it is not a text/ },
  'no JSON': { files: { 'package.json': '{ name: shop }' }, why: /package\.json: it is not the JSON of a package/ },
};

for (const [name, { files, why }] of Object.entries(TRAPS)) {
  test(`left out with the reason, and the rest is still found: ${name}`, async () => {
    const { text, leftOut, manifest } = await loaded({ ...files, 'good/requirements.txt': 'flask\n' });

    assert.match(leftOut.map((one) => `${one.file}: ${one.why}`).join('\n'), why);
    assert.match(text, why);
    assert.deepEqual(Object.keys(manifest.services ?? {}), ['good']);
  });
}

test('a folder that contains itself is looked at once', async () => {
  const listed: string[] = [];
  const endless: Pick<Files, 'read' | 'list'> = {
    read: async (file) => (file.endsWith('/requirements.txt') ? 'flask\n' : undefined),
    async list(folder) {
      listed.push(folder);
      return ['again', 'requirements.txt'];
    },
  };

  const { leftOut } = await proposeManifest(endless, '/project');

  assert.deepEqual(listed, ['/project', '/project/again']);
  assert.deepEqual(leftOut, [{ file: 'again', why: 'it leads back to a folder above it' }]);
});

test('a folder without end is given up, and what was found until then counts', async () => {
  let lists = 0;
  const endless: Pick<Files, 'read' | 'list'> = {
    read: async (file) => (file === '/project/requirements.txt' ? 'flask\n' : undefined),
    async list() {
      lists += 1;
      return Array.from({ length: 30 }, (_, index) => `folder-${lists}-${index}`);
    },
  };

  const { leftOut } = await proposeManifest(endless, '/project');

  assert.ok(lists < 500);
  assert.match(leftOut[0]?.why ?? '', /too much/);
});

async function propose(texts: Readonly<Record<string, string>>) {
  const absolute = Object.entries(texts).map(([file, text]) => [`/project/${file}`, text]);
  return proposeManifest(memoryFiles(Object.fromEntries(absolute)), '/project');
}

/** Whatever is proposed loads as it is, without a single variable. */
async function loaded(texts: Readonly<Record<string, string>>) {
  const proposal = await propose(texts);
  const { manifest } = await loadedText(proposal.text);
  return { ...proposal, manifest };
}

function laughs(): string {
  const levels = Array.from({ length: 12 }, (_, index) => {
    const below = index === 0 ? 'ha' : `*l${index - 1}`;
    return `l${index}: &l${index} [${Array(10).fill(below).join(', ')}]`;
  });
  return `${levels.join('\n')}\nservices: { web: { x: *l11 } }\n`;
}
