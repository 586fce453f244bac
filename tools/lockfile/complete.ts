/** What of a package-lock.json (version 3) matters here. */
export interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

export interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
}

const OS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const CPU = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];
const LIBC: Readonly<Record<string, string>> = { gnu: 'glibc', musl: 'musl', musleabihf: 'musl', gnueabihf: 'glibc' };

/**
 * npm leaves out of the lock file what the registry at hand does not have, and `npm ci` then refuses the file as not in
 * sync, everywhere. A mirror often lacks builds for other platforms; these entries name them, so that they are known and
 * skipped. They carry no hash, because nobody here has seen them.
 */
export function missingFrom({ packages }: Lockfile): Readonly<Record<string, LockedPackage>> {
  const missing = Object.values(packages).flatMap(({ dev = false, optionalDependencies = {} }) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => packages[`node_modules/${name}`] === undefined)
      .map(([name, version]) => [`node_modules/${name}`, entryFor(name, version, dev)] as const),
  );
  return Object.fromEntries(missing);
}

/** The same with nothing missing, in the order npm writes. */
export function completed<Lock extends Lockfile>(lock: Lock): Lock {
  const packages = Object.entries({ ...lock.packages, ...missingFrom(lock) });
  const sorted = packages.toSorted(([one], [other]) => one.localeCompare(other, 'en'));
  return { ...lock, packages: Object.fromEntries(sorted) };
}

/** `@oxlint/binding-linux-arm64-musl` says for whom it is. */
function entryFor(name: string, version: string, dev: boolean): LockedPackage {
  const words = (name.split('/').at(-1) ?? name).split('-');
  const os = words.filter((word) => OS.includes(word));
  const cpu = words.flatMap((word) => CPU.filter((known) => known === word));
  const libc = words.flatMap((word) => LIBC[word] ?? []);
  // Without a platform npm would try to install it here.
  if (os.length + cpu.length === 0) throw new Error(`For which platform is ${name}? Add it with npm instead.`);
  return {
    version,
    ...(cpu.length > 0 ? { cpu } : {}),
    ...(dev ? { dev } : {}),
    ...(os.includes('linux') && libc.length > 0 ? { libc } : {}),
    optional: true,
    ...(os.length > 0 ? { os } : {}),
  };
}
