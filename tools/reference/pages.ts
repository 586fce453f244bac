import { VERSION } from '../../src/app/version.ts';
import { commands } from '../../src/faces/cli/commands/index.ts';
import { referenceMarkdown } from '../../src/faces/cli/reference.ts';
import { openApiDocument, routes } from '../../src/faces/http/index.ts';
import { manifestJsonSchema } from '../../src/manifest/index.ts';
import { monitorTypes } from '../../src/monitoring/index.ts';
import { apiPage } from './api-page.ts';
import { channelsPage } from './channels-page.ts';
import { enginesPage } from './engines-page.ts';
import { environmentPage } from './environment-page.ts';
import { eventsPage } from './events-page.ts';
import { manifestPage } from './manifest-page.ts';
import { page } from './markdown.ts';
import { monitorTypePage } from './monitor-type-page.ts';
import { monitorsPage } from './monitors-page.ts';

const catalogue = await commands.load();
const manifestSchema = await manifestJsonSchema();

/** Everything in docs/reference, by file name: made from the definitions the program itself runs on. */
export function referencePages(): ReadonlyMap<string, string> {
  return new Map([
    ['README.md', contents()],
    ['manifest.md', manifestPage(manifestSchema)],
    ['monitors.md', monitorsPage()],
    ...monitorTypes.loaded().map((type) => [`monitors/${type.type}.md`, monitorTypePage(type)] as const),
    ['channels.md', channelsPage()],
    ['backups.md', enginesPage()],
    ['cli.md', referenceMarkdown(catalogue)],
    ['api.md', apiPage()],
    ['environment.md', environmentPage()],
    ['events.md', eventsPage()],
    ['evenkeel.schema.json', json(manifestSchema)],
    ['openapi.json', json(openApiDocument(routes, VERSION))],
  ]);
}

function contents(): string {
  return page(
    '# Reference',
    'Written by `npm run reference` from the definitions the program itself runs on; a test holds them equal.',
    [
      '- [evenkeel.yaml](manifest.md): every key. [evenkeel.schema.json](evenkeel.schema.json) is the same for editors.',
      '- [Monitor types](monitors.md): every kind of check, with an example each.',
      '- [Channels](channels.md): every kind of place that messages go to, with an example each.',
      '- [What can be backed up](backups.md): every engine.',
      '- [Command line](cli.md): every command, its options, and what its exit status means.',
      '- [HTTP API](api.md): every address and who may ask it. [openapi.json](openapi.json) is the same for programs.',
      '- [Environment variables](environment.md): what Evenkeel itself reads.',
      '- [Events](events.md): what the parts announce to each other.',
      '- [Error codes](../errors.md): every refusal, its cause and what to do.',
    ].join('\n'),
  );
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
