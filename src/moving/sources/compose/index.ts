import type { ImportSource } from '../../import-source.ts';
import { isLabelled, labelItems } from './labels.ts';
import { readCompose } from './read.ts';
import { serviceItems } from './services.ts';

export const compose: ImportSource = {
  type: 'compose',
  title: 'Docker Compose',
  summary: 'Reads compose.yaml: published ports, health checks, and the labels that AutoKuma reads.',
  example: 'compose.yaml',
  testedAgainst: 'files as Docker Compose documents them, and the published labels of AutoKuma',
  async plan({ where, io, nameFor }) {
    const project = await readCompose(where, io);
    const items = [...serviceItems(project, nameFor, isLabelled), ...labelItems(project.services, nameFor)];
    const isLocal = JSON.stringify(items).includes('127.0.0.1');
    return { items, notes: [...project.notes, ...(isLocal ? [LOCAL] : [])] };
  },
};

const LOCAL = 'Ports are watched at 127.0.0.1, which is right where Evenkeel runs on the same machine.';
