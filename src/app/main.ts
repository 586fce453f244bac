import { createApiClient } from '../faces/cli/api-client.ts';
import { runCli } from '../faces/cli/program.ts';
import { diskFiles } from '../platform/files.ts';
import { systemClock } from '../platform/system-clock.ts';
import { readConfig } from './config.ts';
import { socketPath } from './data-folder.ts';
import { createOffline } from './offline.ts';
import { VERSION } from './version.ts';

/** The entry: everything ambient is read here, once, and handed on. */
const folder = process.cwd();
const files = diskFiles;

process.exitCode = await runCli(process.argv.slice(2), {
  terminal: {
    stdout: process.stdout,
    stderr: process.stderr,
    noColour: process.env['NO_COLOR'],
    term: process.env['TERM'],
    accessible: process.env['ACCESSIBLE'],
  },
  clock: systemClock,
  files,
  folder,
  version: { version: VERSION, node: process.versions.node, platform: `${process.platform}-${process.arch}` },
  offline: createOffline({ folder, variables: process.env, files }),
  connect({ isInsecureAllowed }) {
    const config = readConfig(process.env, folder);
    const { url, token, dataDir } = config;
    const connection = { url: url ?? undefined, token: token ?? undefined, isInsecureAllowed };
    return createApiClient({ ...connection, socketPath: socketPath(dataDir) }, systemClock);
  },
  showsStacks: process.env['EVENKEEL_LOG_LEVEL'] === 'debug',
});
