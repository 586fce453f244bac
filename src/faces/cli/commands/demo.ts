import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { flag, integer, text } from '../options.ts';

export const demo = defineCommand({
  name: 'demo',
  kind: 'run',
  summary: 'See it work: a small shop, watched, backed up, and broken once.',
  description: [
    'Starts the example application (a web shop with an API, a worker and the chat of its team) and an Evenkeel that looks after it.',
    'Within a minute it has taken a backup and proven it by a restore, and broken the API once, so that you see an alert arrive and end.',
    'Ctrl-C ends everything it started. Nothing outside its data folder is touched.',
  ].join('\n'),
  options: {
    port: integer('number', { min: 0, max: 65_535 }, 'The port of the status page. Default: 7373 (EVENKEEL_PORT).'),
    host: text('address', 'The address to listen on. Default: 127.0.0.1 (EVENKEEL_HOST).'),
    dataDir: text('folder', 'Where the demonstration keeps its state (EVENKEEL_DATA_DIR).'),
    skipRehearsal: flag('Break nothing: only you do.'),
  },
  exitStatus: { 0: 'Stopped as asked, with nothing left behind.', 5: 'The port is in use.' },
  examples: ['evenkeel demo', 'evenkeel demo --port 8080'],

  async run(values, { offline }) {
    await offline.demo(values);
    return EXIT.ok;
  },
});
