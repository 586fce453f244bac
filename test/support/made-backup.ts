import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { BackupEngine } from '../../src/backups/engine.ts';
import { createAgeEncryption } from '../../src/backups/format/age/encrypt.ts';
import { type BackupManifest, type DumpFacts, FORMAT, manifestText } from '../../src/backups/format/backup-manifest.ts';
import { createPacking } from '../../src/backups/format/packing.ts';
import { restoreGuide } from '../../src/backups/format/restore-guide.ts';
import { generateSigningKey, readSigningKey } from '../../src/backups/format/signing.ts';
import { sumsText } from '../../src/backups/format/sums.ts';

export type GuidedEngine = Pick<BackupEngine, 'type' | 'contents' | 'restoreCommands'>;

/** Its dump is the data themselves. */
export const tinyEngine: GuidedEngine = {
  type: 'tiny',
  contents: 'the data themselves',
  restoreCommands: () => ({
    packages: ['coreutils'],
    target: 'the path of a file that does not exist yet',
    commands: ['cp "$DUMP" "$TARGET"'],
  }),
};

export const tinyFacts: DumpFacts = {
  server: 'Tiny 1.0',
  tool: 'tiny-dump 1.0',
  command: ['tiny-dump'],
  database: 'shop',
  tables: [
    { name: 'orders', rows: 10_000 },
    { name: 'users', rows: null },
  ],
  extensions: [],
};

export interface Made {
  readonly folder: string;
  readonly manifest: BackupManifest;
  /** Writes SHA256SUMS anew, as somebody would who has changed the rest. */
  writeSums(): void;
}

export function folderOf(parent: string, name: string): string {
  const folder = path.join(parent, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

export interface Making {
  readonly plain: Buffer;
  readonly recipients: readonly string[];
  readonly engine: GuidedEngine;
  readonly source?: DumpFacts;
}

/** A whole backup in a folder, made with nothing but the format. */
export async function backupIn(folder: string, making: Making): Promise<Made> {
  const { plain, recipients, engine, source = tinyFacts } = making;
  const { transform } = await createAgeEncryption(recipients);
  const packed = Readable.from([plain], { objectMode: false }).pipe(createPacking());
  const stored = await buffer(packed.pipe(transform));
  const { pem, signer } = generateSigningKey();
  const manifest: BackupManifest = {
    format: FORMAT,
    id: 'bak_0mi8b1k2z',
    app: 'shop',
    environment: 'live',
    service: 'db',
    engine: engine.type,
    holds: ['orders'],
    startedAt: '2026-11-20T19:04:12.120Z',
    finishedAt: '2026-11-20T19:05:01.000Z',
    dump: { file: 'dump.zst.age', plain: sizeOf(plain), stored: sizeOf(stored) },
    recipients: [...recipients],
    signer,
    source,
    madeBy: '0.3.0',
  };
  const text = Buffer.from(manifestText(manifest));
  const files = {
    'dump.zst.age': stored,
    'RESTORE.md': restoreGuide(manifest, engine),
    'manifest.json': text,
    'manifest.json.sig': readSigningKey(pem).sign(text),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(folder, name), content);
  const writeSums = () => {
    const sums = Object.keys(files).map((file) => ({ file, ...sizeOf(readFileSync(path.join(folder, file))) }));
    writeFileSync(path.join(folder, 'SHA256SUMS'), sumsText(sums));
  };
  writeSums();
  return { folder, manifest, writeSums };
}

function sizeOf(content: Uint8Array): { readonly bytes: number; readonly sha256: string } {
  return { bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
}
