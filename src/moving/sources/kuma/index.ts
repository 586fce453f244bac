import type { ImportSource } from '../../import-source.ts';
import { readKuma } from './data.ts';
import { monitorItems } from './monitors.ts';

export const kuma: ImportSource = {
  type: 'kuma',
  title: 'Uptime Kuma',
  summary: 'Reads kuma.db of version 2 (SQLite), or a backup of version 1 as JSON.',
  example: 'data/kuma.db',
  testedAgainst: 'a database made by the published schema of Uptime Kuma 2.0',
  async plan({ where, io, nameFor }) {
    const data = await readKuma(where, io);
    return { items: monitorItems(data, nameFor), notes: [] };
  },
};
