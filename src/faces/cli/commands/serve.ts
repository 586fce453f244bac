import { defineCommand } from '../command.ts';
import { SERVE_ROLES } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { choiceList, integer, text } from '../options.ts';

export const serve = defineCommand({
  name: 'serve',
  kind: 'run',
  summary: 'Watch the application and show its state.',
  description: [
    'Reads evenkeel.yaml (and evenkeel.d/*.yaml beside it), checks what it describes, and serves the status page and the API.',
    'An option wins over its EVENKEEL_ variable. A changed manifest is applied by itself; a wrong one is refused and the old one stays.',
  ].join('\n'),
  options: {
    manifest: text('file', 'The manifest. Default: evenkeel.yaml in this folder (EVENKEEL_MANIFEST).'),
    port: integer('number', { min: 0, max: 65_535 }, 'The port of page and API. Default: 7373 (EVENKEEL_PORT).'),
    host: text('address', 'The address to listen on. Default: 127.0.0.1 (EVENKEEL_HOST).'),
    dataDir: text('folder', 'Where state is kept. Default: .evenkeel (EVENKEEL_DATA_DIR).'),
    roles: choiceList('list', SERVE_ROLES, 'What this process does. Default: everything.'),
  },
  exitStatus: {
    0: 'Stopped as asked, with nothing left behind.',
    2: 'The manifest or a setting is wrong.',
    5: 'The port, or the data folder, is in use.',
  },
  examples: [
    'evenkeel serve',
    'evenkeel serve --host 0.0.0.0 --port 80 --data-dir /var/lib/evenkeel',
    'evenkeel serve --roles checks,jobs,delivery',
  ],

  async run(values, { offline }) {
    await offline.serve(values);
    return EXIT.ok;
  },
});
