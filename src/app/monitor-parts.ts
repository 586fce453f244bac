import path from 'node:path';
import type { Actor } from '../contracts/roles.ts';
import type { MonitorParts } from '../faces/http/index.ts';
import type { Files } from '../kernel/files.ts';
import {
  filesWith,
  formatProblems,
  isMonitorPart,
  type LoadOptions,
  loadManifest,
  monitorPartFile,
  monitorPartText,
} from '../manifest/index.ts';
import { monitorTypes } from '../monitoring/index.ts';
import type { Described } from './described.ts';
import { errors } from './errors.ts';

export interface MonitorPartsDeps {
  readonly manifest: {
    described(): Pick<Described, 'model' | 'monitoring'>;
    reload(options: { readonly dryRun: boolean }): Promise<unknown>;
  };
  /** How the manifest is read. */
  readonly load: LoadOptions;
  readonly files: Files;
}

/** Far more than one monitor needs, and less than a file of the manifest may have. */
const BYTES_MAX = 100_000;

/** Adds monitors to the files of the manifest, and takes them out again: what was clicked is a diff. */
export function createMonitorParts({ manifest, load, files }: MonitorPartsDeps): MonitorParts {
  let last: Promise<unknown> = Promise.resolve();
  return {
    add: (part, actor, options) => inTurn(() => add(part, actor, options)),
    remove: (name, actor, options) => inTurn(() => remove(name, actor, options)),
  };

  /** Two changes may be right each and wrong together: the second is held against the files with the first. */
  function inTurn<T>(change: () => Promise<T>): Promise<T> {
    const done = last.then(change);
    last = done.catch(() => undefined);
    return done;
  }

  async function add({ name, entry }: Wish, actor: Actor, { dryRun }: Change): Promise<MonitorPart> {
    const { model, monitoring } = manifest.described();
    const isTaken = [...model.services, ...monitoring.monitors].some((known) => known.name === name);
    const { file, place } = placeOf(name);
    if (isTaken || (await files.read(place, { bytesMax: BYTES_MAX })) !== undefined)
      throw errors.MONITOR_EXISTS({ name });
    await refuseWhatIsOurs(name, entry, actor);
    const text = monitorPartText({ name, entry: { ...entry, ...origin(actor) }, by: actor.name });
    demandShort(name, text);
    await demandLoadable({ name, file }, filesWith(files, place, text));
    if (dryRun) return { file, text };
    if (!(await files.create(place, text))) throw errors.MONITOR_EXISTS({ name });
    await manifest.reload({ dryRun: false });
    return { file, text };
  }

  async function remove(name: string, actor: Actor, { dryRun }: Change): Promise<MonitorPart> {
    const { file, place } = placeOf(name);
    const text = await files.read(place, { bytesMax: BYTES_MAX });
    if (text === undefined || !isMonitorPart(text)) throw errors.MONITOR_NOT_ADDED({ name });
    await demandLoadable({ name, file }, filesWith(files, place, undefined));
    const removed = { file, text: maySee(name, actor) ? text : '' };
    if (dryRun) return removed;
    await files.remove(place);
    await manifest.reload({ dryRun: false });
    return removed;
  }

  function maySee(name: string, actor: Actor): boolean {
    const written = manifest.described().monitoring.written.monitors[name];
    return isOnThisMachine(actor) || written?.['added_by'] === actor.name;
  }

  function placeOf(name: string) {
    const file = monitorPartFile(name);
    return { file, place: path.join(path.dirname(load.path), file) };
  }

  async function demandLoadable({ name, file }: Part, as: LoadOptions['files']): Promise<void> {
    const result = await loadManifest({ ...load, files: as });
    if (result.outcome === 'loaded') return;
    // What others wrote is not for everybody who may add a monitor: a secret may stand in it.
    const problems = result.problems.map((problem) => (problem.file === file ? problem : { ...problem, excerpt: '' }));
    throw errors.MONITOR_REFUSED({ name, problems: formatProblems(problems, { hasColours: false }) });
  }
}

type Wish = Parameters<MonitorParts['add']>[0];
type MonitorPart = Awaited<ReturnType<MonitorParts['add']>>;

interface Change {
  readonly dryRun: boolean;
}

interface Part {
  readonly name: string;
  readonly file: string;
}

/** A file that is too long to be read would take the whole manifest with it. */
function demandShort(name: string, text: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes <= BYTES_MAX) return;
  throw errors.MONITOR_REFUSED({ name, problems: `Its file would have ${bytes} bytes, and ${BYTES_MAX} are allowed.` });
}

/** Whoever may open the admin socket may write the files as well; anybody else reaches the internet, and nothing inside. */
function origin(actor: Actor): Readonly<Record<string, unknown>> {
  return isOnThisMachine(actor) ? {} : { added_by: actor.name };
}

async function refuseWhatIsOurs(name: string, entry: Readonly<Record<string, unknown>>, actor: Actor): Promise<void> {
  const named = monitorTypes.types().filter((type) => type in entry);
  await monitorTypes.load(named);
  const local = named.find((type) => monitorTypes.get(type).isLocal);
  if (local === undefined || isOnThisMachine(actor)) return;
  const problems = `A monitor of the type ${local} looks at this machine itself.`;
  throw errors.MONITOR_REFUSED({ name, problems });
}

function isOnThisMachine({ tokenId }: Actor): boolean {
  return tokenId === undefined;
}
