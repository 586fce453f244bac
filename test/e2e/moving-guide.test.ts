import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { monitorTypes } from '../../src/monitoring/index.ts';
import { commandsIn, readDocument } from '../support/documents.ts';
import { KUMA_KINDS, type KumaRow, writeKumaDatabase } from '../support/kuma-database.ts';
import { MONITORS, movedFrom } from '../support/kuma-home.ts';
import { startServe, temporaryFolder } from '../support/serve-process.ts';

const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;
const NOW_S = Math.floor(Date.now() / 1_000);
const TODAY_S = NOW_S - (NOW_S % DAY_S);

const GUIDE = readDocument('docs/guides/moving-in.md');
const KUMA = /^## From Uptime Kuma\n(?<text>[^]*?)(?=^## |$(?![^]))/m.exec(GUIDE)?.groups?.['text'] ?? '';

/** What Kuma counted on each of the last days, yesterday first. */
const COUNTED = [
  { up: 1_440, down: 0 },
  { up: 1_368, down: 72 },
  { up: 1_001, down: 439 },
];

test('what the guide says of Uptime Kuma can be typed as it stands there, and the past days are known', async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(path.join(folder, 'evenkeel.yaml'), 'app: shop\n');
  mkdirSync(path.join(folder, 'data'));
  writeKumaDatabase(path.join(folder, 'data/kuma.db'), kuma()).close();
  const served = await startServe(t, { folder });
  const said = new Map<string, string>();
  for (const command of commandsIn(KUMA)) {
    const { stdout, code } = await served.cli(command.split(' ').slice(1));
    assert.equal(code, 0, command);
    said.set(command, stdout);
  }

  assert.match(said.get('evenkeel import kuma data/kuma.db --dry-run') ?? '', /Would write/);
  assert.match(said.get('evenkeel import kuma data/kuma.db') ?? '', /1 new, 1 cannot be carried over\. Wrote/);
  assert.match(said.get('evenkeel check') ?? '', /1 monitor/);
  const { stdout: shown } = await served.cli(['monitor', 'show', 'web', '--json']);
  const days = JSON.parse(shown).history.days.toReversed().slice(1, 4);
  for (const [index, { up, down }] of COUNTED.entries()) {
    const { ms } = days[index];
    assert.equal((ms.up / (ms.up + ms.down)).toFixed(4), (up / (up + down)).toFixed(4));
    assert.equal(ms.unknown, 0);
  }
  assert.match(shown, /Checks failed, by the count of Uptime Kuma\./);

  const again = await served.cli(['import', 'kuma', 'data/kuma.db', '--history', '--json']);
  assert.deepEqual(JSON.parse(again.stdout).past, { monitors: 1, added: 0, known: 3, unknown: [] });
});

test('the table names every kind of check that something of Kuma becomes', async (t) => {
  const home = movedFrom(t, { monitor: MONITORS.slice(0, Object.keys(KUMA_KINDS).length) });
  await home.import();

  const types = Object.values(home.section('monitors')).map((entry) => {
    const keys = Object.keys(Object(entry));
    return monitorTypes.types().find((type) => keys.includes(type)) ?? '';
  });
  assert.ok(new Set(types).size > 18);
  for (const type of types) assert.match(KUMA, new RegExp(`\\| [^|\n]*\`${type}\`[^|\n]* \\|$`, 'm'), type);
});

function kuma() {
  const monitor: readonly KumaRow[] = [
    { id: 1, name: 'web', type: 'port', hostname: '127.0.0.1', port: 9, interval: 60 },
    { id: 2, name: 'SQL', type: 'sqlserver' },
  ];
  const stat_daily = COUNTED.map((counts, index): KumaRow => {
    const timestamp = TODAY_S - (index + 1) * DAY_S;
    return { monitor_id: 1, timestamp, ...counts, ping: 41.5, ping_min: 12, ping_max: 900 };
  });
  const outage = TODAY_S - 2 * DAY_S + 5 * HOUR_S;
  const heartbeat = [
    { monitor_id: 1, important: 1, status: 0, time: timeOf(outage), msg: 'connect ECONNREFUSED' },
    { monitor_id: 1, important: 0, status: 0, time: timeOf(outage + 60), msg: 'connect ECONNREFUSED' },
    { monitor_id: 1, important: 1, status: 1, time: timeOf(outage + 4_320), msg: '' },
  ];
  return { monitor, stat_daily, heartbeat };
}

/** As Kuma writes times. */
function timeOf(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().replace('T', ' ').replace('Z', '');
}
