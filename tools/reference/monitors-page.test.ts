import assert from 'node:assert/strict';
import { test } from 'node:test';
import { monitorTypes } from '../../src/monitoring/index.ts';
import { blocksOf } from '../../test/support/documents.ts';
import { loadedText } from '../../test/support/manifests.ts';
import { exampleOf, monitorTypePage } from './monitor-type-page.ts';
import { monitorsPage } from './monitors-page.ts';

await monitorTypes.loadAll();
const page = monitorsPage();
const conditions = /^## Conditions\n(?<text>[^]*)/m.exec(page)?.groups?.['text'] ?? '';

test('every monitor on the page can be written as it stands there', async () => {
  const blocks = blocksOf(page, 'yaml');
  assert.ok(blocks.length > 0);
  for (const block of blocks) await loadedText(`app: shop\n${block}`);
});

for (const type of monitorTypes.loaded()) {
  test(`the page of ${type.type} shows its example, and every key it takes`, () => {
    const own = monitorTypePage(type);

    assert.deepEqual(blocksOf(own, 'yaml').slice(0, 1), [`${exampleOf(type.example)}\n`]);
    for (const key of Object.keys(type.settings.shape)) assert.match(own, new RegExp(`^\\| \`${key}\``, 'm'));
  });
}

test('every condition that is shown as an example is understood', () => {
  const shown = rowsAfter('Condition').map(([condition = '']) => condition.slice(1, -1));
  assert.ok(shown.length > 5);
  for (const condition of shown) {
    const { error } = monitorTypes
      .get('http')
      .settings.safeParse({ http: 'https://shop.example', expect: [condition] });
    assert.equal(error, undefined, condition);
  }
});

test('beside what can be asked stand the types that know it', () => {
  const known = Object.fromEntries(rowsAfter('Asked').map(([asked = '', , types = '']) => [asked.slice(1, -1), types]));
  assert.match(known['[STATUS]'] ?? '', /\[http\].*\[steps\].*\[websocket\]/);
  assert.doesNotMatch(known['[STATUS]'] ?? '', /tcp|dns|postgres/);
  assert.equal(known['[DNS_RCODE]'], '[dns](monitors/dns.md)');
  assert.equal(known['[CONTEXT]'], '[steps](monitors/steps.md)');
  assert.match(known['[HEADERS]'] ?? '', /\[http\].*\[steps\]/);
  for (const [asked, types] of Object.entries(known)) assert.notEqual(types, '', `no type knows ${asked}`);
});

test('the keys of one step and those of every monitor are told too', () => {
  assert.match(monitorTypePage(monitorTypes.get('steps')), /### One of `steps`[^]*?`keep`[^]*?`always`/);
  assert.match(page, /## Keys of every monitor[^]*?`every`[^]*?`depends_on`[^]*?## Conditions/);
  assert.doesNotMatch(/## Keys of every monitor[^]*?## Conditions/.exec(page)?.[0] ?? '', /`http`|`expect`/);
});

function rowsAfter(head: string): readonly (readonly string[])[] {
  const [, table = ''] = new RegExp(`^\\| ${head} \\|.*\\n\\|.*\\n((?:\\|.*\\n)+)`, 'm').exec(conditions) ?? [];
  return table
    .trimEnd()
    .split('\n')
    .map((row) => row.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));
}
