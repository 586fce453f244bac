import type { ImportSource } from '../../import-source.ts';
import type { ImportItem } from '../../plan.ts';
import { channelItems } from './channels.ts';
import { type KumaData, readKuma } from './data.ts';
import { maintenanceItems } from './maintenance.ts';
import { mapMonitors } from './monitors.ts';
import { pastOf } from './past.ts';
import { statusItems } from './status-pages.ts';

export const kuma: ImportSource = {
  type: 'kuma',
  title: 'Uptime Kuma',
  summary: 'Reads kuma.db of version 2 (SQLite), or a backup of version 1 as JSON.',
  example: 'data/kuma.db',
  testedAgainst: 'a database made by the published schema of Uptime Kuma 2.0, not by a running one',
  async plan({ where, io, nameFor }) {
    const data = await readKuma(where, io);
    const { items, nameOf, membersOf } = mapMonitors(data, nameFor);
    const channels = channelItems(data, nameFor);
    const maintenance = maintenanceItems({ data, nameFor, membersOf, now: io.now() });
    return {
      items: [...items, ...channels, ...maintenance, ...statusItems(data, nameOf)],
      notes: notesOn(data, channels),
    };
  },
  past: ({ where, io }) => pastOf(where, io),
};

function notesOn(data: KumaData, channels: readonly ImportItem[]): readonly string[] {
  const isTold = channels.some(({ target }) => target !== undefined);
  return [
    ...(isTold
      ? [
          'In Kuma each monitor names whom it tells; here `escalate` says who hears of an alert, and without it the channel dev, or all of them.',
        ]
      : []),
    ...(data.stays.length > 0 ? [`Not carried over at all: ${data.stays.join(', ')}.`] : []),
  ];
}
