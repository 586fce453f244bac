import path from 'node:path';

const SRC = path.resolve(import.meta.dirname, '../../src');

const AREAS = [
  'monitoring',
  'delivery',
  'alerting',
  'status',
  'backups',
  'deploys',
  'observability',
  'generation',
  'moving',
  'audit',
  'identity',
] as const;

/** Folders inside an area in which every file but `index.ts` is one plug-in. */
export const PLUGIN_FOLDERS = [
  'channels',
  'collectors',
  'detectors',
  'dialects',
  'engines',
  'generators',
  'proxies',
  'publishers',
  'reporters',
  'rules',
  'sources',
  'strategies',
  'targets',
  'types',
  'vaults',
] as const;

export interface Floor {
  readonly level: number;
  readonly mayImport: readonly string[];
  /** Only its `index.ts` may be imported from outside. */
  readonly isPrivate: boolean;
}

const LOW = ['kernel', 'contracts'];
const AREA: Floor = { level: 2, mayImport: LOW, isPrivate: true };

/** The house. A folder of src/ that is missing here may import nothing: a new floor has to be declared first. */
export const FLOORS: Readonly<Record<string, Floor>> = {
  kernel: { level: 0, mayImport: [], isPrivate: false },
  contracts: { level: 1, mayImport: ['kernel'], isPrivate: false },
  platform: { level: 2, mayImport: LOW, isPrivate: false },
  ...Object.fromEntries(AREAS.map((area) => [area, AREA])),
  loop: AREA,
  manifest: { level: 3, mayImport: [...LOW, ...AREAS], isPrivate: true },
  faces: { level: 4, mayImport: [...LOW, ...AREAS, 'manifest'], isPrivate: false },
  app: { level: 5, mayImport: [...LOW, ...AREAS, 'platform', 'loop', 'manifest', 'faces'], isPrivate: false },
};

/** Where a source file stands: `src/monitoring/types/tcp.ts` is floor `monitoring`, `within` `types/tcp.ts`. */
export interface Place {
  readonly floor: string;
  readonly within: string;
}

export function placeOf(file: string): Place | undefined {
  const relative = path.relative(SRC, file);
  if (relative.startsWith('..') || path.isAbsolute(relative)) return undefined;
  const [floor = '', ...rest] = relative.split(path.sep);
  return { floor, within: rest.join('/') };
}

function isArea(floor: string): boolean {
  return FLOORS[floor] === AREA;
}

/** Tests stand outside of the house: they may look into every room. */
export function isTest(file: string): boolean {
  return file.endsWith('.test.ts');
}

/** A plug-in, not the registry beside it nor a test of it. */
export function isPlugin(file: string): boolean {
  const place = placeOf(file);
  if (place === undefined || !isArea(place.floor) || isTest(file)) return false;
  const [folder = '', ...rest] = place.within.split('/');
  return PLUGIN_FOLDERS.some((known) => known === folder) && rest.length > 0 && rest.join('/') !== 'index.ts';
}
