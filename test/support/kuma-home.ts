import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { parse } from 'yaml';
import { createOffline } from '../../src/app/offline.ts';
import type { ImportReport } from '../../src/faces/cli/offline-import.ts';
import { diskFiles } from '../../src/platform/files.ts';
import { KUMA_KINDS, type KumaRow, type KumaRows, writeKumaDatabase } from './kuma-database.ts';

export const PART = 'evenkeel.d/imported-kuma.yaml';

/** 200 monitors, of every kind in turn. */
export const MONITORS = Array.from({ length: 200 }, (_, index): KumaRow => {
  const kinds = Object.entries(KUMA_KINDS);
  const [type = '', columns] = kinds[index % kinds.length] ?? [];
  const number = Math.floor(index / kinds.length);
  return { id: index + 1, name: `${type} ${number}`, type, interval: 60, ...columns?.(number) };
});

export const SOCKET = { id: 1, docker_daemon: '/var/run/docker.sock', docker_type: 'socket', name: 'here' };
export const CHANNELS: readonly KumaRow[] = [
  {
    id: 1,
    name: 'Team',
    config: JSON.stringify({ type: 'slack', slackwebhookURL: 'https://hooks.slack.com/services/hush' }),
  },
  {
    id: 2,
    name: 'Chat',
    config: JSON.stringify({ type: 'discord', discordWebhookUrl: 'https://discord.com/api/hush' }),
  },
  {
    id: 3,
    name: 'Boss',
    config: JSON.stringify({ type: 'smtp', smtpTo: 'Boss <boss@shop.example>', smtpPassword: 'hush' }),
  },
];

export function counts({ items }: ImportReport): Readonly<Record<string, number>> {
  const all: Record<string, number> = {};
  for (const { outcome } of items) all[outcome] = (all[outcome] ?? 0) + 1;
  return all;
}

interface Wishes {
  readonly where?: string;
  readonly overwrites?: boolean;
  readonly isDryRun?: boolean;
}

/** A folder with a manifest in it, and a Kuma beside. */
export function movedFrom(t: TestContext, rows: KumaRows, { isRunning = false } = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-import-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, 'evenkeel.yaml'), 'app: shop\n');
  const database = path.join(folder, 'kuma.db');
  const source = (all: KumaRows) => {
    rmSync(database, { force: true });
    const db = writeKumaDatabase(database, all);
    if (isRunning) t.after(() => db.close());
    else db.close();
  };
  source(rows);
  const offline = createOffline({ folder, variables: {}, files: diskFiles });
  const read = (file: string) => {
    try {
      return readFileSync(path.join(folder, file), 'utf8');
    } catch {
      return undefined;
    }
  };
  return {
    folder,
    database,
    offline,
    source,
    import: ({ where = 'kuma.db', overwrites = false, isDryRun = false }: Wishes = {}) =>
      offline.importFrom({ source: 'kuma', where, overwrites, isDryRun }),
    edit: (change: (text: string) => string) => writeFileSync(path.join(folder, PART), change(read(PART) ?? '')),
    files: () => Object.fromEntries(['.env', PART, PART.replace('.yaml', '.json')].map((file) => [file, read(file)])),
    /** A section of the file as data, references and all. */
    section(name: string): Readonly<Record<string, unknown>> {
      return parse(read(PART) ?? '')?.[name] ?? {};
    },
  };
}
