import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { JSON_FLAG } from '../options.ts';

export const version = defineCommand({
  name: 'version',
  kind: 'read',
  summary: 'The version of this program and of the Node it runs on.',
  description: 'The version of a running server is part of `evenkeel self status`.',
  options: { json: JSON_FLAG },
  exitStatus: {},
  examples: ['evenkeel version', 'evenkeel version --json'],

  async run({ json }, context) {
    const { version: own, node, platform } = context.version;
    if (json) context.json(context.version);
    else context.out(`evenkeel ${own} (Node ${node}, ${platform})`);
    return EXIT.ok;
  },
});
