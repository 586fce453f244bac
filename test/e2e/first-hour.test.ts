import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { blocksOf, commandsIn, readDocument } from '../support/documents.ts';
import { eventually } from '../support/eventually.ts';
import { newcomer } from '../support/newcomer.ts';

// The README and the guide, done as they say.

test('what the README tells a newcomer works, command by command', async (t) => {
  const person = await newcomer(t);
  writeFileSync(path.join(person.folder, 'package.json'), '{ "name": "blog", "dependencies": { "express": "5" } }');
  const commands = commandsIn(readDocument('README.md')).filter((command) => command.startsWith('evenkeel '));
  assert.ok(commands.length >= 4);

  for (const command of commands) {
    if (command === 'evenkeel serve') await person.serve();
    else await person.run(command);
  }

  assert.match(await textOf(`${person.address}/`), /<html lang="en"/);
});

test('a project has a health check, a page and a heartbeat by doing what the guide says, and no more [GOV-03/R]', async (t) => {
  const guide = readDocument('docs/guides/first-hour.md');
  const person = await newcomer(t);
  const [server = ''] = blocksOf(guide, 'js');
  const [application = '', page = '', heartbeat = ''] = blocksOf(guide, 'yaml');
  const save = (...parts: readonly string[]) => {
    // A guide counts in tens of seconds, and port 3000 may be taken.
    const text = parts.join('\n').replace('every: 10s', 'every: 1s').replace(':3000', `:${person.appPort}`);
    writeFileSync(path.join(person.folder, 'evenkeel.yaml'), text);
  };

  writeFileSync(path.join(person.folder, 'server.js'), server);
  const app = person.start(process.execPath, ['server.js'], { PORT: String(person.appPort) });
  await eventually(async () => assert.match(await textOf(`http://127.0.0.1:${person.appPort}/health`), /pass/));
  await person.run('evenkeel init');
  save(application);
  await person.run('evenkeel check');
  await person.serve();
  await eventually(async () => assert.match(await person.run('evenkeel status'), /web\s+✓ up/));

  save(application, page);
  await eventually(async () => assert.match(await textOf(`${person.address}/`), /Guestbook status[^]*Website/));

  app.kill();
  await eventually(async () => assert.match(await person.run('evenkeel status'), /web\s+✗ down/));

  save(application, page, heartbeat);
  await eventually(async () => assert.match(await person.run('evenkeel monitor show nightly'), /\/ping\//));
  const [ping = ''] = /\/ping\/\S+/.exec(await person.run('evenkeel monitor show nightly')) ?? [];
  assert.equal((await fetch(`${person.address}${ping}`)).status, 200);
  await eventually(async () => assert.match(await person.run('evenkeel monitor show nightly'), /up/));
});

async function textOf(url: string): Promise<string> {
  return (await fetch(url, { headers: { 'Accept-Language': 'en' } })).text();
}
