import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { text } from '../options.ts';

export const probe = defineCommand({
  name: 'probe',
  kind: 'run',
  summary: 'Check the application from another place, for a server elsewhere.',
  description: [
    'Asks the server in EVENKEEL_URL, with the token of a probe in EVENKEEL_TOKEN_FILE, which monitors name its location; checks them on their schedule, and hands in what it finds. Variables such as ${DATABASE_URL} are filled in from the environment of the probe: the server sends none of its secrets.',
    'While the server cannot be reached it goes on measuring, keeps the results on disk for up to seven days, and hands them in later. They fill the history then, and page nobody.',
  ].join('\n'),
  options: {
    dataDir: text('folder', 'Where results wait. Default: .evenkeel (EVENKEEL_DATA_DIR).'),
  },
  exitStatus: {
    0: 'Stopped as asked; what could not be handed in waits on disk.',
    2: 'A setting is missing or wrong.',
    3: 'The server does not take the token.',
    5: 'Another probe runs in the same data folder.',
  },
  examples: [
    'EVENKEEL_URL=https://status.example EVENKEEL_TOKEN_FILE=/run/secrets/fra evenkeel probe',
    'evenkeel probe --data-dir /var/lib/evenkeel-probe',
  ],

  async run(values, { offline }) {
    await offline.probe(values);
    return EXIT.ok;
  },
});
