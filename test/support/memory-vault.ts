import { addAbortSignal, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Vault } from '../../src/backups/vault.ts';
import { defineErrors } from '../../src/kernel/errors.ts';

const errors = defineErrors({
  VAULT_ENTRY_EXISTS: { kind: 'conflict', message: 'There is a {path}.', hint: 'Look.' },
  VAULT_ENTRY_MISSING: { kind: 'not_found', message: 'There is no {path}.', hint: 'Look.' },
  VAULT_ENTRY_TOO_LONG: { kind: 'too_large', message: '{path} is too long.', hint: 'Look.' },
  VAULT_FULL: { kind: 'unavailable', message: 'The vault {vault} has no space left.', hint: 'Free some.' },
});

export interface MemoryVault extends Vault {
  readonly entries: Map<string, Buffer>;
  /** Called before each operation; what it throws is its error. */
  before: (operation: 'write' | 'read' | 'list' | 'remove', path: string) => void;
  /** Bytes it can hold in all. */
  capacity: number;
}

export function memoryVault(name = 'local'): MemoryVault {
  const entries = new Map<string, Buffer>();
  const vault: MemoryVault = {
    name,
    where: `memory of ${name}`,
    entries,
    before: () => undefined,
    capacity: Number.POSITIVE_INFINITY,
    async write(path, content, signal) {
      const source = content instanceof Readable ? content : Readable.from([content]);
      try {
        vault.before('write', path);
        if (entries.has(path)) throw errors.VAULT_ENTRY_EXISTS({ path });
        const bytes = await buffer(addAbortSignal(signal, source));
        const held = [...entries.values()].reduce((sum, { length }) => sum + length, 0);
        if (held + bytes.length > vault.capacity) throw errors.VAULT_FULL({ vault: name });
        entries.set(path, bytes);
      } catch (error) {
        source.destroy();
        throw error;
      }
    },
    read(path, signal) {
      const content = async function* () {
        vault.before('read', path);
        const bytes = entries.get(path);
        if (bytes === undefined) throw errors.VAULT_ENTRY_MISSING({ path });
        for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
      };
      return addAbortSignal(signal, Readable.from(content(), { objectMode: false }));
    },
    async readSmall(path, { bytesMax }) {
      const bytes = await buffer(vault.read(path, new AbortController().signal));
      if (bytes.length > bytesMax) throw errors.VAULT_ENTRY_TOO_LONG({ path });
      return bytes;
    },
    async list(folder) {
      vault.before('list', folder);
      const inside = [...entries].filter(([path]) => folder === '' || path.startsWith(`${folder}/`));
      return inside
        .map(([path, { length }]) => ({ path, bytes: length }))
        .toSorted((a, b) => (a.path < b.path ? -1 : 1));
    },
    async remove(path) {
      vault.before('remove', path);
      entries.delete(path);
    },
    sweep: async () => 0,
  };
  return vault;
}
