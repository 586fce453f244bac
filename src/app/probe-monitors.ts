import path from 'node:path';
import type { AssignedMonitorView } from '../faces/http/contract.ts';
import type { Files } from '../kernel/files.ts';
import { type LoadOptions, loadManifest } from '../manifest/index.ts';
import { type Monitor, monitorsOf } from '../monitoring/index.ts';
import type { Variables } from './config.ts';

export interface ProbedMonitors {
  readonly monitors: readonly Monitor[];
  /** What cannot be checked from here, and why. */
  readonly gaps: readonly { readonly monitor: string; readonly reason: string }[];
}

export interface OwnSecrets {
  readonly variables: Variables;
  readonly files: Pick<Files, 'read'>;
}

/**
 * Makes monitors of what a server assigned, with the values of this machine's variables. Each is a manifest of its
 * own: one that lacks a variable does not keep the others from being checked.
 */
export async function probedMonitors(
  assigned: readonly AssignedMonitorView[],
  own: OwnSecrets,
): Promise<ProbedMonitors> {
  const all = await Promise.all(assigned.map((each) => probed(each, own)));
  return {
    monitors: all.flatMap(({ monitor }) => monitor ?? []),
    gaps: all.flatMap(({ reason }, index) => {
      const { name } = assigned[index] ?? {};
      return reason === undefined || name === undefined ? [] : [{ monitor: name, reason }];
    }),
  };
}

type Probed =
  | { readonly monitor: Monitor; readonly reason?: never }
  | { readonly monitor?: never; readonly reason: string };

async function probed({ name, section, entry, ...timing }: AssignedMonitorView, own: OwnSecrets): Promise<Probed> {
  const loaded = await loadManifest(optionsFor({ app: 'probe', [section]: { [name]: entry } }, own));
  if (loaded.outcome !== 'loaded') {
    return {
      reason: loaded.problems
        .map(({ message }) => message)
        .join(' ')
        .slice(0, REASON_CHARS_MAX),
    };
  }
  const { monitors = {}, services = {} } = loaded.manifest;
  const plan = monitorsOf(loaded.model, { monitors, services });
  const [monitor] = plan.monitors;
  if (monitor?.type === 'log') return { reason: 'A probe reads no log files: what stands there may be private.' };
  if (monitor !== undefined) return { monitor: { ...monitor, ...timing } };
  return { reason: plan.unwatched[0]?.reason ?? 'It does not say where it answers.' };
}

const REASON_CHARS_MAX = 500;
const FOLDER = '/assignment';
const FILE = path.join(FOLDER, 'evenkeel.yaml');

/**
 * Nothing of this machine is opened to whoever writes the manifest but variables: files only where a `_FILE` twin of
 * ours names them, and of Evenkeel's own variables none.
 */
function optionsFor(manifest: object, { variables, files }: OwnSecrets): LoadOptions {
  const named = new Set(Object.entries(variables).flatMap(([name, value]) => (name.endsWith('_FILE') ? [value] : [])));
  return {
    path: FILE,
    environmentVariable: (name) => (name.startsWith('EVENKEEL_') ? undefined : variables[name]),
    files: {
      list: async () => [],
      async read(file, limits) {
        if (file === FILE) return JSON.stringify(manifest);
        return named.has(file) ? files.read(file, limits) : undefined;
      },
    },
  };
}
