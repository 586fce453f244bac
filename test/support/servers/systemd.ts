import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { removeControlGroup } from './control-groups.ts';
import { requireProgram } from './install.ts';
import { type Ending, serverFolder, startServer } from './server.ts';

const CGROUPS = ['/sys/fs/cgroup/systemd', '/sys/fs/cgroup/unified', '/sys/fs/cgroup'];

/**
 * A real systemd with units of its own, wherever root may make namespaces. It is the one that serves a user: that one
 * need not be the first process of the machine. It only starts where the machine seems to be booted by systemd, which
 * is pretended in a name space that nobody else sees.
 */
const START = `
for cgroup in ${CGROUPS.join(' ')}; do
  [ -w "$cgroup/cgroup.procs" ] && mkdir -p "$cgroup/$1" && echo $$ > "$cgroup/$1/cgroup.procs"
done
exec unshare --mount sh -c \
  'mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/system && exec /lib/systemd/systemd --user'
`;

export interface Systemd {
  /** Where a `systemctl` lies that asks this one. */
  readonly programs: string;
  control(...args: readonly string[]): Promise<void>;
}

export async function startSystemd(ending: Ending, units: Readonly<Record<string, string>>): Promise<Systemd> {
  const systemctl = requireProgram({ name: 'systemctl', packages: ['systemd'], folders: ['/usr/bin'] });
  const folder = serverFolder('systemd');
  chmodSync(folder, 0o755);
  const unitFolder = path.join(folder, '.config/systemd/user');
  const programs = path.join(folder, 'bin');
  for (const made of [unitFolder, programs, path.join(folder, 'run')])
    mkdirSync(made, { recursive: true, mode: 0o700 });
  for (const [name, text] of Object.entries(units)) writeFileSync(path.join(unitFolder, name), text);
  const own = path.join(programs, 'systemctl');
  writeFileSync(own, `#!/bin/sh\nXDG_RUNTIME_DIR=${folder}/run exec ${systemctl} --user "$@"\n`, { mode: 0o755 });

  const control = async (...args: readonly string[]) => void (await promisify(execFile)(own, args));
  const name = path.basename(folder);
  const server = await startServer({
    folder,
    program: 'env',
    argv: [`XDG_RUNTIME_DIR=${folder}/run`, 'sh', '-c', START, 'systemd', name],
    signal: 'SIGTERM',
    user: {},
    isReady: () =>
      control('is-active', 'basic.target').then(
        () => true,
        () => false,
      ),
  });
  ending.after(async () => {
    await server.stop();
    await removeControlGroup(name);
  });
  return { programs, control };
}
